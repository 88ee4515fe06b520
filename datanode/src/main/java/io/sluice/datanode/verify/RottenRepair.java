package io.sluice.datanode.verify;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.region.Resend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Brings back rotten files of a pipe's receiver: of each one's times, what the receiver lacks
 * without it. Calls block, perhaps for minutes. Thread-safe.
 */
public final class RottenRepair {
  private final PipeVerifier verifier;
  private final Receiver.Reaching receivers;
  private final RowsFiles rows;

  RottenRepair(PipeVerifier verifier, Receiver.Reaching receivers, RowsFiles rows) {
    this.verifier = verifier;
    this.receivers = receivers;
    this.rows = rows;
  }

  /**
   * What became of a file with one region's rows.
   *
   * @param receiver {@code host:port}
   */
  public record Outcome(RottenFile file, String receiver, Mended mended) {}

  /**
   * Brings what one region has for each of the receiver's rotten files; one is mended when all the
   * regions that have ever fed it have been through here.
   *
   * @return empty when the receiver has none
   * @throws StatusException saying why it cannot be done, as with {@link PipeVerifier#verify}
   */
  public List<Outcome> repair(
      long pipeNumber, long startTimeMs, RegionAccess region, String database, Progress.Feeds feeds)
      throws StatusException {
    List<Outcome> outcomes = new ArrayList<>();
    Progress progress = verifier.progress(feeds);
    try (Receiver receiver =
        receivers.reach(pipeNumber, region.id(), database, () -> progress.receivers(region.id()))) {
      for (RottenFile file : receiver.rotten()) {
        long firstTimeMs = verifier.firstTimeMs(startTimeMs, database);
        Mended mended =
            firstTimeMs > file.times().last()
                ? receiver.mend(file, null, firstTimeMs)
                : one(receiver, file, firstTimeMs, pipeNumber, region, database, feeds);
        outcomes.add(new Outcome(file, receiver.named(), mended));
      }
    }
    return outcomes;
  }

  private Mended one(
      Receiver receiver,
      RottenFile file,
      long firstTimeMs,
      long pipeNumber,
      RegionAccess region,
      String database,
      Progress.Feeds feeds)
      throws StatusException {
    TimeSpan times = new TimeSpan(Math.max(firstTimeMs, file.times().first()), file.times().last());
    RegionReport report = verifier.within(times, pipeNumber, region, database, feeds);
    if (!report.allCompared()) {
      return Mended.not(report.cut());
    }
    List<Resend.Part> parts =
        report.differences().stream()
            .filter(Difference::mendable)
            .map(PipeVerifier::part)
            .distinct()
            .toList();
    try (RowsFiles.Written written =
        parts.isEmpty()
            ? null
            : rows.write(region, parts, new HashSet<>(report.leftOut())).orElse(null)) {
      return receiver.mend(file, written, firstTimeMs);
    } catch (IOException e) {
      throw new StatusException(
          StatusCode.PIPE_ERROR, "rows cannot be made ready to be sent: " + e.getMessage(), e);
    }
  }
}
