package io.sluice.datanode.pipe;

import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.sync.sender.FeedReport;
import io.sluice.sync.sender.core.Health;
import java.util.OptionalLong;

/**
 * Feeds in the words of {@code cluster.thrift}, for SHOW PIPE ... DETAILS. Pure.
 *
 * @param monotonicMs the clock of the reports
 * @param epochMs the same moment on the wall
 */
record FeedRows(long monotonicMs, long epochMs) {

  FeedDetails of(FeedReport report) {
    FeedDetails details =
        new FeedDetails(
            report.region().toString(),
            report.database(),
            level(report.health()),
            report.health().cause(),
            new Endpoint(report.receiver().host(), report.receiver().port()),
            report.connected(),
            report.position(),
            report.lastDataIndex(),
            report.backlog().files(),
            report.backlog().bytes(),
            report.bytesPerSecond());
    details.setUnsealedRows(report.backlog().unsealedRows());
    details.setDatabaseRefused(report.databaseRefused());
    secondsBehind(report).ifPresent(details::setSecondsBehind);
    secondsToGo(report).ifPresent(details::setSecondsToGo);
    if (report.appliedAtMs() != 0) {
      details.setAcknowledgedAtMs(epochMs(report.appliedAtMs()));
    }
    if (report.lastTrouble() != null) {
      details.setLastError(report.lastTrouble().cause() + ": " + report.lastTrouble().text());
      details.setLastErrorAtMs(epochMs(report.lastTroubleAtMs()));
    }
    return details;
  }

  private long epochMs(long atMs) {
    return epochMs - (monotonicMs - atMs);
  }

  /** Rows still in memory are younger than any file, and are counted from when nothing was left. */
  private OptionalLong secondsBehind(FeedReport report) {
    if (done(report)) {
      return OptionalLong.of(0);
    }
    long sinceMs = report.backlog().oldestAtMs();
    if (sinceMs == 0 && report.caughtUpAtMs() != 0) {
      sinceMs = epochMs(report.caughtUpAtMs());
    }
    return sinceMs == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.max(0, (epochMs - sinceMs) / 1_000));
  }

  private static OptionalLong secondsToGo(FeedReport report) {
    if (done(report)) {
      return OptionalLong.of(0);
    }
    // Rows in memory have no size yet.
    boolean sealed = report.backlog().bytes() > 0;
    return sealed && report.bytesPerSecond() > 0
        ? OptionalLong.of(1 + (report.backlog().bytes() - 1) / report.bytesPerSecond())
        : OptionalLong.empty();
  }

  private static boolean done(FeedReport report) {
    return report.connected()
        && report.backlog().files() == 0
        && report.position() >= report.lastDataIndex();
  }

  static PipeHealth level(Health health) {
    return switch (health.level()) {
      case NORMAL -> PipeHealth.NORMAL;
      case WARN -> PipeHealth.WARN;
      case ERROR -> PipeHealth.ERROR;
    };
  }
}
