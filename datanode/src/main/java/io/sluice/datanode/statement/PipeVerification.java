package io.sluice.datanode.statement;

import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.PipeDetailsResp;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.verify.Difference;
import io.sluice.datanode.verify.PipeVerifier;
import io.sluice.datanode.verify.Progress;
import io.sluice.datanode.verify.RegionReport;
import io.sluice.datanode.verify.RottenRepair;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.tsfile.enums.TSDataType;

/**
 * VERIFY PIPE and REPAIR PIPE: one row for each difference, and one for each region that says what
 * was compared. Regions one after another. Thread-safe.
 */
final class PipeVerification {
  /** Named in a note; more are counted. */
  private static final int NAMES_MAX = 5;

  private final PipeRegions regions;
  private final PipeVerifier verifier;

  PipeVerification(PipeRegions regions, PipeVerifier verifier) {
    this.regions = regions;
    this.verifier = verifier;
  }

  StatementResult verify(String name, ZoneId zone) throws StatusException {
    return table(name, zone, verifier::verify, difference -> "");
  }

  /**
   * While the receiver has rotten files, those are brought back and nothing else is sent again: in
   * their place of the order of writing, so that what the receiver's own clients wrote or deleted
   * since stays.
   */
  StatementResult repair(String name, ZoneId zone) throws StatusException {
    PipeDetailsResp pipe = running(name);
    ResultTable rotten = table();
    for (PipeDetail detail : regions(pipe)) {
      for (RottenRepair.Outcome outcome : on(name, pipe, detail, verifier.rottenRepair()::repair)) {
        rotten.row(rottenRow(detail, outcome, zone));
      }
    }
    if (!rotten.empty()) {
      return rotten.result();
    }
    return table(name, zone, verifier::repair, PipeVerification::mended);
  }

  private static Object[] rottenRow(PipeDetail detail, RottenRepair.Outcome outcome, ZoneId zone) {
    RottenFile file = outcome.file();
    return new Object[] {
      detail.getRegion(),
      null,
      ShownTime.of(file.times().first(), zone),
      ShownTime.of(file.times().last(), zone),
      null,
      null,
      null,
      "rotten file of %,d bytes at %s: %s"
          .formatted(file.lengthBytes(), outcome.receiver(), outcome.mended().text())
    };
  }

  /** What is done with one region. */
  private interface Work<T> {
    T on(
        long pipeNumber,
        long startTimeMs,
        RegionAccess region,
        String database,
        Progress.Feeds feeds)
        throws StatusException;
  }

  private StatementResult table(
      String name, ZoneId zone, Work<RegionReport> work, Function<Difference, String> outcome)
      throws StatusException {
    PipeDetailsResp pipe = running(name);
    ResultTable table = table();
    for (PipeDetail detail : regions(pipe)) {
      RegionReport report = on(name, pipe, detail, work);
      for (Difference difference : report.differences()) {
        table.row(row(detail, difference, outcome.apply(difference), zone));
      }
      table.row(detail.getRegion(), null, null, null, null, null, null, summary(report));
    }
    return table.result();
  }

  /** While a region's leader changes, two nodes may feed it. */
  private static Collection<PipeDetail> regions(PipeDetailsResp pipe) {
    Map<Integer, PipeDetail> regions = new TreeMap<>();
    pipe.getDetails().forEach(detail -> regions.putIfAbsent(detail.getRegion(), detail));
    return regions.values();
  }

  private PipeDetailsResp running(String name) throws StatusException {
    PipeDetailsResp pipe = regions.pipe(name);
    if (pipe.getPipe().getStatus() != PipeStatus.RUNNING) {
      throw new StatusException(
          StatusCode.PIPE_ERROR,
          "PIPE [%s] is %s, and what it has not sent is not missing: start it first"
              .formatted(name, pipe.getPipe().getStatus()));
    }
    return pipe;
  }

  private <T> T on(String name, PipeDetailsResp pipe, PipeDetail detail, Work<T> work)
      throws StatusException {
    try {
      return work.on(
          pipe.getPipe().getNumber(),
          pipe.getPipe().getStartTimeMs(),
          regions.access(detail),
          detail.getDatabase(),
          region -> feed(name, region));
    } catch (StatusException e) {
      throw new StatusException(
          e.code(),
          "Region %d of %s cannot be compared: %s"
              .formatted(detail.getRegion(), detail.getDatabase(), e.getMessage()),
          e);
    }
  }

  private Optional<Progress.Feed> feed(String name, UUID region) throws StatusException {
    return regions.pipe(name).getDetails().stream()
        .filter(PipeDetail::isSetFeed)
        .map(PipeDetail::getFeed)
        .filter(feed -> feed.getRegion().equals(region.toString()))
        .map(PipeVerification::feed)
        .max(Comparator.comparingLong(Progress.Feed::position));
  }

  private static Progress.Feed feed(FeedDetails feed) {
    return new Progress.Feed(
        feed.getPosition(),
        new Frame.Address(feed.getReceiver().getHost(), feed.getReceiver().getPort()),
        feed.getHealth() == PipeHealth.NORMAL ? "" : feed.getCause());
  }

  private static ResultTable table() {
    return new ResultTable()
        .columns(TSDataType.INT32, "Region")
        .text("Device", "From", "To")
        .columns(TSDataType.INT64, "Missing", "Changed", "Extra")
        .text("Note");
  }

  private static String mended(Difference difference) {
    String extra = difference.extra() > 0 ? "extra rows stay at the receiver" : "";
    if (!difference.mendable()) {
      return extra;
    }
    return extra.isEmpty() ? "sent again" : "sent again; " + extra;
  }

  private static Object[] row(
      PipeDetail detail, Difference difference, String outcome, ZoneId zone) {
    String coarse = difference.exact() ? "" : "at least; not compared row by row";
    String note =
        outcome.isEmpty() || coarse.isEmpty() ? outcome + coarse : outcome + "; " + coarse;
    return new Object[] {
      detail.getRegion(),
      difference.part().device(),
      ShownTime.of(difference.span().first(), zone),
      difference.span().last() == Long.MAX_VALUE
          ? null
          : ShownTime.of(difference.span().last(), zone),
      difference.missing(),
      difference.changed(),
      difference.extra(),
      note.isEmpty() ? null : note
    };
  }

  private static String summary(RegionReport report) {
    StringBuilder text = new StringBuilder();
    int differences = report.differences().size();
    text.append(differences == 0 ? "equal" : differences + " difference(s)")
        .append(
            ": %,d rows of %,d devices compared with %s, %,d bytes exchanged"
                .formatted(
                    report.rows(), report.devices(), report.receiver(), report.exchangedBytes()));
    if (!report.leftOut().isEmpty()) {
      text.append("; held back and not compared: ").append(names(report.leftOut()));
    }
    if (report.rottenFiles() > 0) {
      text.append("; the receiver has ")
          .append(report.rottenFiles())
          .append(" rotten file(s), whose rows count as missing: REPAIR PIPE brings them back");
    }
    if (!report.cut().isEmpty()) {
      text.append("; ").append(report.cut());
    }
    return text.toString();
  }

  private static String names(List<SeriesKey> keys) {
    String first =
        keys.stream().limit(NAMES_MAX).map(SeriesKey::path).collect(Collectors.joining(", "));
    int more = keys.size() - NAMES_MAX;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
