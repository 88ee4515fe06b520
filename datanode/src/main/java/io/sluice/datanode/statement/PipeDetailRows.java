package io.sluice.datanode.statement;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.PipeDetailsResp;
import java.time.ZoneId;
import org.apache.tsfile.enums.TSDataType;

/** What SHOW PIPE ... DETAILS prints: one row per region and DataNode. Pure. */
final class PipeDetailRows {
  private PipeDetailRows() {}

  static StatementResult of(PipeDetailsResp answer, ZoneId zone) {
    ResultTable table =
        new ResultTable()
            .columns(TSDataType.INT32, "Region")
            .text("Database", "DataNode", "Status", "Message", "Cause", "Receiver")
            .columns(
                TSDataType.INT64,
                "Position",
                "LastDataIndex",
                "FilesLeft",
                "BytesLeft",
                "UnsealedRows",
                "BytesPerSecond",
                "SecondsBehind",
                "EstimatedSecondsToGo")
            .text("LastAcknowledgement", "LastError");
    String status = answer.getPipe().getStatus().name();
    for (PipeDetail detail : answer.getDetails()) {
      if (detail.isSetFeed()) {
        table.row(feed(detail, status, zone));
      } else {
        table.row(withoutFeed(detail, status));
      }
    }
    return table.result();
  }

  private static Object[] feed(PipeDetail detail, String status, ZoneId zone) {
    FeedDetails feed = detail.getFeed();
    return new Object[] {
      detail.getRegion(),
      detail.getDatabase(),
      text(detail.getDataNode()),
      status,
      detail.getHealth().name(),
      detail.getMessage(),
      text(feed.getReceiver()) + (feed.isConnected() ? "" : " (not connected)"),
      feed.getPosition(),
      feed.getLastDataIndex(),
      feed.getFilesLeft(),
      feed.getBytesLeft(),
      feed.isSetUnsealedRows() ? feed.getUnsealedRows() : null,
      feed.getBytesPerSecond(),
      feed.isSetSecondsBehind() ? feed.getSecondsBehind() : null,
      feed.isSetSecondsToGo() ? feed.getSecondsToGo() : null,
      feed.isSetAcknowledgedAtMs() ? ShownTime.of(feed.getAcknowledgedAtMs(), zone) : null,
      feed.isSetLastError()
          ? ShownTime.of(feed.getLastErrorAtMs(), zone) + " " + feed.getLastError()
          : null
    };
  }

  private static Object[] withoutFeed(PipeDetail detail, String status) {
    return new Object[] {
      detail.getRegion(),
      detail.getDatabase(),
      text(detail.getDataNode()),
      status,
      detail.getHealth().name(),
      detail.getMessage(),
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null,
      null
    };
  }

  private static String text(DataNodeLocation node) {
    return node.getId() + " (" + text(node.getInternal()) + ")";
  }

  private static String text(Endpoint address) {
    return address.getHost() + ":" + address.getPort();
  }
}
