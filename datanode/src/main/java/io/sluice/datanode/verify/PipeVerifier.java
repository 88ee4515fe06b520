package io.sluice.datanode.verify;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.cluster.Expiry;
import io.sluice.datanode.cluster.HeldPart;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.Quarantine;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Compares regions with the receiver of a pipe. Calls block, perhaps for minutes. Thread-safe. */
public final class PipeVerifier {
  /** Found in one region, about; what comes behind is compared by large cuts only. */
  static final int DIFFERENCES_MAX = 1_000;

  /** Asked of the receiver one by one for one region, about: 3 MB. */
  private static final long ROWS_ASKED_MAX = 200_000;

  /** For one region; what is not compared by then is not. */
  private static final long REGION_MS_MAX = 600_000;

  private static final List<PathPattern> ALL = List.of(PathPattern.parse("root.**"));

  private final Receiver.Reaching receivers;
  private final RowsFiles rows;
  private final Expiry expiry;
  private final MonotonicClock clock;

  /**
   * @param rows makes what is sent for rotten files
   * @param expiry what has expired is not compared
   */
  public PipeVerifier(
      Receiver.Reaching receivers, RowsFiles rows, Expiry expiry, MonotonicClock clock) {
    this.receivers = receivers;
    this.rows = rows;
    this.expiry = expiry;
    this.clock = clock;
  }

  /**
   * Compares what the pipe sends of one region, the series that are there now, with the receiver.
   *
   * @param startTimeMs points before it are not sent
   * @throws StatusException saying why it cannot be compared: the pipe is behind, the receiver is
   *     not reached or cannot compare, the region cannot be read
   */
  public RegionReport verify(
      long pipeNumber, long startTimeMs, RegionAccess region, String database, Progress.Feeds feeds)
      throws StatusException {
    long firstTimeMs = firstTimeMs(startTimeMs, database);
    TimeSpan sent = new TimeSpan(firstTimeMs, Long.MAX_VALUE);
    return within(sent, pipeNumber, region, database, feeds);
  }

  Progress progress(Progress.Feeds feeds) {
    return new Progress(feeds, clock);
  }

  /** Brings back what is rotten at a receiver. */
  public RottenRepair rottenRepair() {
    return new RottenRepair(this, receivers, rows);
  }

  /** From when on rows are sent and have not expired. */
  long firstTimeMs(long startTimeMs, String database) {
    return Math.max(startTimeMs, expiry.of(database).firstTimeMs());
  }

  /**
   * As {@link #verify}, of some times only.
   *
   * @param times none before rows are sent
   */
  RegionReport within(
      TimeSpan times, long pipeNumber, RegionAccess region, String database, Progress.Feeds feeds)
      throws StatusException {
    Progress progress = new Progress(feeds, clock);
    long deadlineMs = clock.nowMs() + REGION_MS_MAX;
    progress.awaitShipped(region);
    List<SeriesKey> leftOut = leftOut(pipeNumber, region, progress);
    Set<SeriesKey> without = new HashSet<>(leftOut);
    List<SeriesInfo> series =
        region.series(ALL).stream().filter(info -> !without.contains(info.key())).toList();
    List<DigestPart> parts = RegionParts.of(series);
    try (Receiver receiver =
        receivers.reach(pipeNumber, region.id(), database, () -> progress.receivers(region.id()))) {
      Comparison comparison =
          new Comparison(region::digest, receiver, DIFFERENCES_MAX, ROWS_ASKED_MAX);
      int compared = 0;
      while (compared < parts.size() && clock.nowMs() < deadlineMs) {
        comparison.compare(parts.get(compared++), times);
      }
      comparison.finish();
      List<Difference> differences = comparison.found();
      if (!differences.isEmpty()) {
        Confirmation confirmation = Confirmation.of(differences, region::digest, receiver);
        progress.awaitShipped(region);
        differences = confirmation.confirmed();
      }
      return new RegionReport(
          differences,
          parts.subList(0, compared).stream().map(DigestPart::device).distinct().count(),
          comparison.rows(),
          receiver.exchangedBytes(),
          receiver.named(),
          leftOut,
          cut(differences, compared, parts.size()),
          compared == parts.size(),
          receiver.rotten().size());
    }
  }

  /**
   * Compares, and has the pipe send once more what the receiver lacks or has otherwise; returns
   * once that is at the receiver. What only the receiver has stays there.
   *
   * @return what was found before
   * @throws StatusException as {@link #verify}; also when the region does not take it down
   */
  public RegionReport repair(
      long pipeNumber, long startTimeMs, RegionAccess region, String database, Progress.Feeds feeds)
      throws StatusException {
    RegionReport report = verify(pipeNumber, startTimeMs, region, database, feeds);
    List<Resend.Part> parts =
        report.differences().stream()
            .filter(Difference::mendable)
            .limit(Quarantine.RESEND_PARTS_MAX)
            .map(PipeVerifier::part)
            .distinct()
            .toList();
    if (!parts.isEmpty()) {
      ApplyResult result = region.propose(new LogEntry.SendAgain(pipeNumber, parts)).join();
      if (!(result instanceof ApplyResult.Applied)) {
        throw new StatusException(
            StatusCode.PIPE_ERROR, "what differs cannot be sent again: " + result);
      }
      new Progress(feeds, clock).awaitShipped(region);
    }
    return report;
  }

  static Resend.Part part(Difference difference) {
    TimeRange times = new TimeRange(difference.span().first(), difference.span().last());
    return new Resend.Part(difference.part().device(), times);
  }

  private static String cut(List<Difference> differences, int compared, int parts) {
    if (compared < parts) {
      return "stopped after %d s, %d of %d devices were not compared"
          .formatted(REGION_MS_MAX / 1_000, parts - compared, parts);
    }
    return differences.stream().allMatch(Difference::exact)
        ? ""
        : "so much differs that not all of it was compared row by row";
  }

  /** Held back, or about to rejoin: the receiver does not have all of them yet. */
  private static List<SeriesKey> leftOut(long pipeNumber, RegionAccess region, Progress progress)
      throws StatusException {
    Optional<Progress.Feed> feed = progress.of(region.id());
    long position = feed.map(Progress.Feed::position).orElse(0L);
    return region.quarantine(pipeNumber).stream()
        .map(HeldPart::series)
        .filter(held -> held.held() || held.rejoinIndex() > position)
        .map(held -> held.key())
        .toList();
  }
}
