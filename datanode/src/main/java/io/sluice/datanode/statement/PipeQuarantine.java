package io.sluice.datanode.statement;

import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.PipeDetailsResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.datanode.cluster.HeldPart;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.region.entry.LogEntry;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.tsfile.enums.TSDataType;

/**
 * SHOW PIPE ... QUARANTINE and RETRY PIPE ... QUARANTINE: what a pipe's receiver refused, asked of
 * each region's leader. Thread-safe.
 */
final class PipeQuarantine {
  private final ConfigNodeClient configNode;
  private final ClusterRegions regions;

  PipeQuarantine(ConfigNodeClient configNode, ClusterRegions regions) {
    this.configNode = configNode;
    this.regions = regions;
  }

  StatementResult show(String name, ZoneId zone) throws StatusException {
    PipeDetailsResp pipe = pipe(name);
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
    PipeDetailsResp pipe = pipe(name);
    long number = pipe.getPipe().getNumber();
    List<String> untold = new ArrayList<>();
    for (PipeDetail detail : pipe.getDetails()) {
      try {
        if (held(detail, number).stream().anyMatch(part -> part.series().held())) {
          WriteOutcome.of(access(detail).propose(new LogEntry.Rejoin(number)).join()).orThrow();
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

  private PipeDetailsResp pipe(String name) throws StatusException {
    PipeDetailsResp answer = configNode.call(node -> node.getPipeDetails(name));
    ConfigNodeAnswer.check(answer.getStatus());
    return answer;
  }

  private List<HeldPart> held(PipeDetail detail, long pipeNumber) throws StatusException {
    return access(detail).quarantine(pipeNumber);
  }

  private RegionAccess access(PipeDetail detail) throws StatusException {
    for (RegionAccess region : regions.regions(detail.getDatabase())) {
      if (region.id().equals(id(detail.getRegion()))) {
        return region;
      }
    }
    throw new StatusException(
        StatusCode.PIPE_ERROR, "region " + detail.getRegion() + " is not known here yet");
  }

  /** Null for one that is not known here. */
  private UUID id(int region) {
    return regions.catalog().getRegions().stream()
        .filter(info -> info.getId() == region)
        .map(info -> UUID.fromString(info.getUuid()))
        .findFirst()
        .orElse(null);
  }
}
