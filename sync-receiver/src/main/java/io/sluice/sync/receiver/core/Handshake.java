package io.sluice.sync.receiver.core;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Where a source goes on: from the ledger, the targets' records and the sender's lineage. */
public sealed interface Handshake {

  /** A pipe with a higher number has shipped from this source. */
  record OldPipe(long knownPipeNumber) implements Handshake {}

  /**
   * The pipe was dropped: whoever still ships through it has not heard. One with a lower number may
   * follow it.
   */
  record Dropped(long pipeNumber) implements Handshake {}

  /**
   * The ledger knows a later leader of the region than the sender does: whoever asks is deposed,
   * and has not heard. What it would send may have been deleted since.
   */
  record Deposed() implements Handshake {}

  /**
   * The very leader that asks has shipped more than it says its log has: it asked before it did so,
   * and has gone on elsewhere since. A process that goes on from a copy of its memory would say the
   * same, until it is started again and leads anew.
   */
  record Overtaken() implements Handshake {}

  /**
   * @param position ship the ranges that end above it
   * @param cutBy the newest entry of the sender's log by which anything may have been cut out of
   *     what the position or a record stands for
   * @param parted the sender's lineage left the one the ledger knew below its position
   * @param records what each target has, as it was read; a target without a record is absent
   * @param last what the new ledger says each target is known to have applied
   */
  record Start(
      long position,
      long cutBy,
      boolean parted,
      Map<UUID, AppliedRecord> records,
      Map<UUID, AppliedRecord> last)
      implements Handshake {
    public Start {
      records = Map.copyOf(records);
      last = Map.copyOf(last);
    }
  }

  /**
   * @param ledger null when there is none
   * @param targets the database's regions now, by ascending region id
   * @param records what each has of the source; a target without a record is absent
   */
  static Handshake decide(
      Timeline timeline, Ledger ledger, List<UUID> targets, Map<UUID, AppliedRecord> records) {
    if (ledger != null && ledger.pipeNumber() > timeline.pipeNumber()) {
      return new OldPipe(ledger.pipeNumber());
    }
    for (AppliedRecord record : records.values()) {
      if (record.isDropped() && record.pipeNumber() == timeline.pipeNumber()) {
        return new Dropped(record.pipeNumber());
      }
    }
    if (ledger != null && timeline.lineage().goesOnIn(ledger.lineage())) {
      return new Deposed();
    }
    if (ledger != null && overtaken(timeline, ledger, records)) {
      return new Overtaken();
    }
    long position = 0;
    boolean parted = false;
    Map<UUID, AppliedRecord> last = new HashMap<>();
    if (ledger != null
        && ledger.pipeNumber() == timeline.pipeNumber()
        && Set.copyOf(ledger.targets()).equals(Set.copyOf(targets))) {
      long agreed = agreed(timeline, ledger);
      parted = agreed < ledger.position();
      last.putAll(ledger.lastRecords());
      position = Math.min(agreed, oldestLoss(timeline, last, records));
      if (!timeline.has(ledger.lineage(), ledger.cutBy()) || strayed(timeline, ledger, records)) {
        // What the other log took away, the sender's own may still have.
        position = 0;
      }
    }
    for (UUID target : targets) {
      if (timeline.holdsOwn(records.get(target))) {
        last.put(target, records.get(target));
      }
    }
    return new Start(
        position, cutBy(timeline, position == 0 ? null : ledger, records), parted, records, last);
  }

  private static long cutBy(Timeline timeline, Ledger goesOn, Map<UUID, AppliedRecord> records) {
    return records.values().stream()
        .filter(timeline::holdsOwn)
        .mapToLong(AppliedRecord::cutBy)
        .reduce(goesOn == null ? 0 : goesOn.cutBy(), Math::max);
  }

  private static boolean overtaken(
      Timeline timeline, Ledger ledger, Map<UUID, AppliedRecord> records) {
    if (ledger.pipeNumber() != timeline.pipeNumber()
        || !ledger.lineage().equals(timeline.lineage())) {
      return false;
    }
    long shipped =
        records.values().stream()
            .filter(record -> record.pipeNumber() == timeline.pipeNumber())
            .filter(record -> timeline.lineage().numberAt(record.reach()) == record.lineage())
            .mapToLong(AppliedRecord::reach)
            .reduce(Math.max(ledger.position(), ledger.cutBy()), Math::max);
    return shipped > timeline.logEnd();
  }

  /**
   * Whether a target has applied what is on the log that the ledger knew and not on the sender's.
   * What is on neither was met when the ledger's session began. Points of a lost range do no harm
   * by themselves; a deletion, and what a range of both logs was cut by, do.
   */
  private static boolean strayed(
      Timeline timeline, Ledger ledger, Map<UUID, AppliedRecord> records) {
    return records.values().stream()
        .anyMatch(
            record ->
                record.pipeNumber() == timeline.pipeNumber()
                    && !timeline.holds(record)
                    && ledger.lineage().numberAt(record.reach()) == record.lineage()
                    && (timeline.deletions() || !timeline.has(ledger.lineage(), record.cutBy())));
  }

  private static long agreed(Timeline timeline, Ledger ledger) {
    long upTo = Math.min(ledger.position(), timeline.logEnd());
    return timeline.lineage().agreesUpTo(ledger.lineage(), upTo);
  }

  /**
   * How far back a target that lost something (restored from a copy) pulls the start: to its record
   * where that stands on the sender's log, else to 0. {@link Long#MAX_VALUE} when none did.
   */
  private static long oldestLoss(
      Timeline timeline, Map<UUID, AppliedRecord> last, Map<UUID, AppliedRecord> records) {
    long oldest = Long.MAX_VALUE;
    for (Map.Entry<UUID, AppliedRecord> known : last.entrySet()) {
      AppliedRecord actual = records.get(known.getKey());
      if (known.getValue().equals(actual)) {
        continue;
      }
      if (!timeline.holdsOwn(actual)) {
        return 0;
      }
      boolean wentOn =
          timeline.holds(known.getValue()) && actual.index() >= known.getValue().index();
      if (!wentOn) {
        oldest = Math.min(oldest, actual.index());
      }
    }
    return oldest;
  }
}
