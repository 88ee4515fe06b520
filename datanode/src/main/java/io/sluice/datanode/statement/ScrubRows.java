package io.sluice.datanode.statement;

import io.sluice.datanode.cluster.ScrubbedCluster;
import io.sluice.datanode.region.scrub.ScrubReport;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/**
 * What SCRUB prints: a row for each damaged file, and one for each replica that says how much was
 * looked at. Pure.
 */
final class ScrubRows {
  private ScrubRows() {}

  static StatementResult of(List<ScrubbedCluster.Replica> replicas) {
    ResultTable table =
        new ResultTable()
            .columns(TSDataType.INT32, "RegionId")
            .text("Database")
            .columns(TSDataType.INT32, "DataNodeId")
            .text("File")
            .columns(TSDataType.INT64, "BytesChecked")
            .text("Result", "Message");
    for (ScrubbedCluster.Replica replica : replicas) {
      if (replica.report() == null) {
        row(table, replica, null, 0, "NOT CHECKED", replica.whyNot());
        continue;
      }
      ScrubReport report = replica.report();
      int repaired = 0;
      for (ScrubReport.Found found : report.damaged()) {
        repaired += found.repaired() ? 1 : 0;
        String result = found.repaired() ? "REPAIRED" : "DAMAGED";
        row(table, replica, found.path(), found.lengthBytes(), result, found.what());
      }
      row(table, replica, null, report.bytes(), result(report, repaired), summary(report));
    }
    return table.result();
  }

  private static String result(ScrubReport report, int repaired) {
    if (report.damagedCount() == 0) {
      return "WHOLE";
    }
    return repaired == report.damagedCount() ? "REPAIRED" : "DAMAGED";
  }

  private static String summary(ScrubReport report) {
    String text = report.files() + " files, " + report.damagedCount() + " found damaged";
    int unnamed = report.damagedCount() - report.damaged().size();
    return unnamed == 0 ? text : text + ", " + unnamed + " of them not named here";
  }

  private static void row(
      ResultTable table,
      ScrubbedCluster.Replica replica,
      String file,
      long bytes,
      String result,
      String message) {
    table.row(
        replica.region().getId(),
        replica.region().getDatabase(),
        replica.node(),
        file,
        bytes,
        result,
        message);
  }
}
