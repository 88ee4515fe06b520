package io.sluice.datanode.statement;

import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.PipeDetailsResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.HeldPart;
import io.sluice.datanode.region.entry.LogEntry;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/**
 * SHOW PIPE ... QUARANTINE and RETRY PIPE ... QUARANTINE: what a pipe's receiver refused, asked of
 * each region's leader. Thread-safe.
 */
final class PipeQuarantine {
  private final PipeRegions regions;

  PipeQuarantine(PipeRegions regions) {
    this.regions = regions;
  }

  StatementResult show(String name, ZoneId zone) throws StatusException {
    PipeDetailsResp pipe = regions.pipe(name);
    ResultTable table =
        new ResultTable()
            .columns(TSDataType.INT32, "Region")
            .text("Database", "Series", "State", "Since")
            .columns(TSDataType.INT64, "SinceIndex")
            .text("FirstTime", "LastTime", "Reason");
    for (PipeDetail detail : pipe.getDetails()) {
      if (detail.isSetFeed() && detail.getFeed().isDatabaseRefused()) {
        table.row(wholeDatabase(detail));
      }
      for (HeldPart part : held(detail, pipe.getPipe().getNumber())) {
        if (!rejoined(part, detail)) {
          table.row(row(detail, part, zone));
        }
      }
    }
    return table.result();
  }

  private static Object[] wholeDatabase(PipeDetail detail) {
    return new Object[] {
      detail.getRegion(),
      detail.getDatabase(),
      detail.getDatabase() + ".**",
      "HELD",
      null,
      detail.getFeed().getPosition() + 1,
      null,
      null,
      detail.getMessage()
    };
  }

  private static boolean rejoined(HeldPart part, PipeDetail detail) {
    return !part.series().held()
        && detail.isSetFeed()
        && detail.getFeed().getPosition() >= part.series().rejoinIndex();
  }

  private static Object[] row(PipeDetail detail, HeldPart part, ZoneId zone) {
    boolean points = part.times() != null;
    return new Object[] {
      detail.getRegion(),
      detail.getDatabase(),
      part.series().key().path(),
      part.series().held() ? "HELD" : "REJOINING",
      ShownTime.of(part.series().sinceMs(), zone),
      part.series().sinceIndex(),
      points ? ShownTime.of(part.times().first(), zone) : null,
      points ? ShownTime.of(part.times().last(), zone) : null,
      part.series().reason()
    };
  }

  /** Every region that holds anything back is told; one that cannot be is named. */
  StatementResult retry(String name) throws StatusException {
    PipeDetailsResp pipe = regions.pipe(name);
    long number = pipe.getPipe().getNumber();
    List<String> untold = new ArrayList<>();
    for (PipeDetail detail : pipe.getDetails()) {
      try {
        if (held(detail, number).stream().anyMatch(part -> part.series().held())) {
          WriteOutcome.of(regions.access(detail).propose(new LogEntry.Rejoin(number)).join())
              .orThrow();
        }
      } catch (StatusException e) {
        untold.add("region " + detail.getRegion() + ": " + e.getMessage());
      }
    }
    if (!untold.isEmpty()) {
      throw new StatusException(
          StatusCode.PIPE_ERROR,
          "Some series stay held back, try again: " + String.join("; ", untold));
    }
    return new StatementResult.Done();
  }

  private List<HeldPart> held(PipeDetail detail, long pipeNumber) throws StatusException {
    return regions.access(detail).quarantine(pipeNumber);
  }
}
