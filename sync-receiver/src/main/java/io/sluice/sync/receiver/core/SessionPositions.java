package io.sluice.sync.receiver.core;

import io.sluice.common.sync.AppliedRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * One session's bookkeeping: which record each target is expected to have when the next piece
 * reaches it, which pieces every target has applied, and so how far the position is. Does no I/O;
 * owned by one thread.
 */
public final class SessionPositions {
  private final Timeline timeline;

  /** What each target will have once all pieces planned so far are applied. */
  private final Map<UUID, AppliedRecord> expected;

  private final Map<UUID, AppliedRecord> last;

  /** Targets still to apply each planned piece, by the piece's end. */
  private final SortedMap<Long, Set<UUID>> open = new TreeMap<>();

  private long position;
  private long announcedTo;
  private long cutBy;

  public SessionPositions(Timeline timeline, Handshake.Start start) {
    this.timeline = timeline;
    this.expected = new HashMap<>(start.records());
    this.last = new HashMap<>(start.last());
    this.position = start.position();
    this.announcedTo = start.position();
    this.cutBy = start.cutBy();
  }

  /** What is announced from here on may be without what entries up to {@code index} took away. */
  public void cutBy(long index) {
    cutBy = Math.max(cutBy, index);
  }

  /** What to think of a range the sender announces. */
  public enum Announcement {
    WELCOME,
    /** It leaves out indexes, or goes back: taking it could lose points. */
    OUT_OF_ORDER,
    /** The sender's log is not the one it shook hands with. */
    OTHER_LINEAGE
  }

  /** Ranges are announced by ascending end and without gaps; their starts may overlap. */
  public Announcement announce(long start, long end, long lineage) {
    if (start > announcedTo || end <= announcedTo) {
      return Announcement.OUT_OF_ORDER;
    }
    if (timeline.lineage().numberAt(end) != lineage) {
      return Announcement.OTHER_LINEAGE;
    }
    announcedTo = end;
    return Announcement.WELCOME;
  }

  /**
   * One target's share of a piece.
   *
   * @param expect null: the target has no record
   */
  public record Step(UUID target, AppliedRecord expect, AppliedRecord set) {}

  /** Whether the target's record shows that it has the range up to {@code end} already. */
  public boolean covered(UUID target, long end) {
    return timeline.covers(expected.get(target), end);
  }

  /**
   * Takes up the next piece, whose range ends at {@code end}, and answers what to apply where.
   * Pieces are planned in ascending order; targets that have it already are left out.
   *
   * @param targets that get a part of it; none for a range with nothing to ship
   */
  public List<Step> plan(long end, Set<UUID> targets) {
    if (!open.isEmpty() && open.lastKey() >= end) {
      throw new IllegalArgumentException("piece " + end + " after " + open.lastKey());
    }
    long lineage = timeline.lineage().numberAt(Math.max(end, cutBy));
    var set = new AppliedRecord(timeline.pipeNumber(), lineage, end, cutBy);
    List<Step> steps = new ArrayList<>();
    for (UUID target : targets) {
      if (!covered(target, end)) {
        steps.add(new Step(target, expected.get(target), set));
        expected.put(target, set);
      }
    }
    Set<UUID> waiting = new HashSet<>();
    steps.forEach(step -> waiting.add(step.target()));
    open.put(end, waiting);
    advance();
    return steps;
  }

  /** The target has durably applied the step. */
  public void applied(Step step) {
    last.merge(step.target(), step.set(), this::later);
    Set<UUID> waiting = open.get(step.set().index());
    if (waiting != null) {
      waiting.remove(step.target());
    }
    advance();
  }

  /** A record of this session never gives way to an older one of it, nor to a foreign one. */
  private AppliedRecord later(AppliedRecord known, AppliedRecord set) {
    boolean ownAndLater =
        known.pipeNumber() == set.pipeNumber()
            && known.lineage() == timeline.lineage().numberAt(known.reach())
            && known.index() > set.index();
    return ownAndLater ? known : set;
  }

  private void advance() {
    while (!open.isEmpty() && open.get(open.firstKey()).isEmpty()) {
      position = Math.max(position, open.firstKey());
      open.remove(open.firstKey());
    }
  }

  /** All of the source up to here is applied in every target. */
  public long position() {
    return position;
  }

  /** For the ledger: nothing newer has cut what ends at or below the position. */
  public long cutBy() {
    return cutBy;
  }

  /** For the ledger: never ahead of what targets have applied. */
  public Map<UUID, AppliedRecord> last() {
    return Map.copyOf(last);
  }
}
