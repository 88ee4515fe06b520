package io.sluice.sim.sync;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sim.sync.Point.Place;
import io.sluice.sim.sync.SendingRegion.Deleted;
import io.sluice.sim.sync.SendingRegion.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What has to hold, and fails the history when it does not.
 *
 * <ul>
 *   <li>A position the receiver reports, or writes into a ledger, never goes back within a session,
 *       nor from one to the next below where that began, while nobody is restored, dropped or
 *       re-created, and nothing comes late of what was sent before that.
 *   <li>What ends at or below a reported position is in the targets, and no crash can take it away.
 *   <li>A file stays what it was when it was loaded.
 *   <li>What a reported deletion took away is not seen again, at no moment.
 *   <li>No chunk and no file is refused for its offset or its checksum: nothing damages them here.
 *   <li>At rest, both ends have the same points, with the value written last.
 * </ul>
 */
final class SyncTruth {
  private final boolean atEveryStep;
  private SendingCluster edge;
  private ReceivingCluster cloud;

  /** Goes up with every step back that is asked for: a restored side, dropped targets. */
  private long age;

  /** The last that a connection was told. */
  private final Map<Cable, Long> reported = new HashMap<>();

  /** Deletions up to here have been reported as applied. */
  private long deletedTo;

  private boolean compacted;
  private AssertionError broken;

  /** By place that a lost timeline touched: the last index that the sender kept then. */
  private final Map<Place, Long> lostAfter = new HashMap<>();

  /**
   * @param atEveryStep false: only what is at rest counts
   */
  SyncTruth(boolean atEveryStep) {
    this.atEveryStep = atEveryStep;
  }

  void begin(SendingCluster sender, ReceivingCluster receiver) {
    edge = sender;
    cloud = receiver;
  }

  long age() {
    return age;
  }

  /** From here on everything may begin again. */
  void stepsBack() {
    age++;
    deletedTo = 0;
  }

  void compacted() {
    compacted = true;
  }

  void senderLoses(SendingRegion now, SendingRegion copy) {
    stepsBack();
    for (Entry entry : now.log().subList((int) copy.logEnd(), (int) now.logEnd())) {
      for (Place place : touched(entry)) {
        lostAfter.put(place, copy.logEnd());
      }
    }
  }

  private static Set<Place> touched(Entry entry) {
    Set<Place> places = new TreeSet<>();
    entry.points().forEach(point -> places.add(point.place()));
    for (int series = 0; series < Point.SERIES; series++) {
      for (long time = 0; time < Point.TIMES; time++) {
        Place place = new Place(series, time);
        if (entry.deletion() != null && entry.deletion().hits(place)) {
          places.add(place);
        }
      }
    }
    return places;
  }

  // ---------------------------------------------------------------- at every step

  /**
   * A ledger has been written. A handshake that read it may be overtaken by what its owner still
   * writes: then it begins where the owner began, or later, and costs a resend.
   */
  void ledger(ReceivingRegion home, Ledger before, long writtenAtAge) {
    Ledger now = home.image().ledgers().get(edge.source);
    boolean sameSession = before != null && before.session() == now.session();
    boolean samePipe =
        before != null
            && home.ledgerAge == age
            && before.pipeNumber() == now.pipeNumber()
            && before.targets().equals(now.targets())
            // What a sender had written before it was restored may have come after that.
            && (before.lineage().equals(now.lineage()) || before.lineage().goesOnIn(now.lineage()))
            && before.lineage().agreesUpTo(now.lineage(), reach(before)) >= reach(before)
            && onItsLog();
    if (atEveryStep && (sameSession || samePipe)) {
      assertThat(now.position())
          .as("position in the ledger, was %d", before.position())
          .isGreaterThanOrEqualTo(sameSession ? before.position() : home.ledgerBegan);
    }
    if (!sameSession && now.pipe().running()) {
      home.ledgerAge = writtenAtAge;
      home.ledgerBegan = now.position();
    }
  }

  private static long reach(Ledger ledger) {
    return Math.max(ledger.position(), ledger.cutBy());
  }

  /** Whether no target has anything of a log that the sender has lost. */
  private boolean onItsLog() {
    SendingRegion region = edge.region();
    return cloud.regions().stream()
        .map(target -> target.record(edge.source))
        .allMatch(
            record ->
                record == null
                    || record.reach() <= region.logEnd()
                        && region.lineage().numberAt(record.reach()) == record.lineage());
  }

  /** A session says that all up to {@code end} is applied. */
  void reported(Cable over, long session, long end) {
    if (!atEveryStep) {
      return;
    }
    try {
      checkReported(over, session, end);
    } catch (AssertionError e) {
      // Whoever calls is within a channel, which would take it for a handler's.
      broken = broken == null ? e : broken;
    }
  }

  /** Nothing here damages bytes on their way, nor breaks the protocol. */
  void refused(Frame.Refused refused) {
    switch (refused.code()) {
      case CHECKSUM, DAMAGED, PROTOCOL -> {
        if (broken == null) {
          broken = new AssertionError("refused as " + refused.code() + ": " + refused.text());
        }
      }
      default -> {
        // As it may be.
      }
    }
  }

  /** Fails if something was not as it has to be. */
  void rethrow() {
    if (broken != null) {
      throw broken;
    }
  }

  private void checkReported(Cable over, long session, long end) {
    assertThat(end)
        .as("position told over one connection")
        .isGreaterThanOrEqualTo(reported.getOrDefault(over, 0L));
    reported.put(over, end);
    cloud.regions().forEach(SyncTruth::isDurable);
    Ledger ledger = cloud.regions().get(0).image().ledgers().get(edge.source);
    boolean feeds = ledger != null && ledger.session() == session;
    if (feeds && over.age == age) {
      isThere(over.feed.region(), over.feed.pipeNumber, end);
      if (edge.deletions) {
        deletedTo = Math.max(deletedTo, end);
      }
    }
  }

  private static void isDurable(ReceivingRegion region) {
    assertThat(region.durable()).as("files of a target, when it was reported").isTrue();
  }

  private void isThere(SendingRegion region, long pipe, long end) {
    Map<Place, Long> there = cloud.visible();
    region
        .sentUpTo(end, edge.deletions)
        .forEach(
            (place, value) -> {
              if (!deleted(place, edge.deletions ? end : 0)
                  && !onlyOnALostTimeline(place)
                  && !heldBack(region, pipe, place, end)) {
                assertThat(there.getOrDefault(place, -1L))
                    .as("value of %s, reported up to %d", place, end)
                    .isGreaterThanOrEqualTo(value);
              }
            });
  }

  /** Whether what ends there need not have it, as the receiver refused it. */
  private static boolean heldBack(SendingRegion region, long pipe, Place place, long end) {
    return region.held(pipe).stream()
        .anyMatch(one -> one.key().equals(place.key()) && (one.held() || one.rejoinIndex() > end));
  }

  /** Whether the sender deletes there after an index. */
  private boolean deleted(Place place, long after) {
    List<Entry> log = edge.region().log();
    return log.subList((int) Math.min(after, log.size()), log.size()).stream()
        .anyMatch(entry -> entry.deletion() != null && entry.deletion().hits(place));
  }

  /** A target has applied something, or refused it. */
  void applied(ReceivingRegion target) {
    rethrow();
    if (!atEveryStep) {
      return;
    }
    Map<Place, Long> visible = null;
    long highest = 0;
    List<Entry> log = edge.region().log(deletedTo);
    for (Entry entry : log) {
      for (Point point : entry.points()) {
        highest = Math.max(highest, point.value());
      }
      if (entry.deletion() != null && !coveredLater(entry.deletion())) {
        visible = visible == null ? target.visible() : visible;
        isGone(visible, entry.deletion(), highest);
      }
    }
  }

  /** A later one that takes it all away, and has not been reported, is sent in its place. */
  private boolean coveredLater(Deleted deletion) {
    List<Entry> log = edge.region().log();
    return log.subList((int) Math.min(deletedTo, log.size()), log.size()).stream()
        .map(Entry::deletion)
        .anyMatch(
            later ->
                later != null
                    && later.series() == deletion.series()
                    && later.range().contains(deletion.range()));
  }

  private static void isGone(Map<Place, Long> visible, Deleted deletion, long highest) {
    visible.forEach(
        (place, value) -> {
          if (deletion.hits(place)) {
            assertThat(value)
                .as("value of %s, which a reported deletion took away", place)
                .isGreaterThan(highest);
          }
        });
  }

  // ---------------------------------------------------------------- at rest

  void checkAtRest() {
    rethrow();
    for (ReceivingRegion region : cloud.regions()) {
      assertThat(region.intact()).as("files as they were loaded").isTrue();
      isDurable(region);
    }
    Map<Place, Long> there = cloud.visible();
    Map<Place, Long> wanted = edge.region().state(edge.deletions);
    for (int series = 0; series < Point.SERIES; series++) {
      for (long time = 0; time < Point.TIMES; time++) {
        Place place = new Place(series, time);
        if (!onlyOnALostTimeline(place) && !mayBeEither(place)) {
          assertThat(there.get(place)).as("%s at rest", place).isEqualTo(wanted.get(place));
        }
      }
    }
  }

  /** What the receiver got of a log that its sender lost stays, until written again. */
  private boolean onlyOnALostTimeline(Place place) {
    Long lost = lostAfter.get(place);
    if (lost == null) {
      return false;
    }
    List<Entry> log = edge.region().log();
    return log.subList((int) (long) lost, log.size()).stream()
        .noneMatch(entry -> arrives(entry).contains(place));
  }

  /** What of an entry the receiver is to hear of. */
  private Set<Place> arrives(Entry entry) {
    return edge.deletions ? touched(entry) : touched(Entry.of(entry.points()));
  }

  /**
   * Without SyncDelOp what is deleted may have been sent before, or have gone in a compaction. A
   * series that rejoins is sent as it stands then.
   */
  private boolean mayBeEither(Place place) {
    boolean goneUnsent = compacted || edge.world.faults.containsKey(SyncFault.SERIES_RETRIED);
    return !edge.deletions && goneUnsent && !edge.region().state(true).containsKey(place);
  }
}
