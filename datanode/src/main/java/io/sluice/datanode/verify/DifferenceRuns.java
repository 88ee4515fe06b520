package io.sluice.datanode.verify;

import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.TimeSpan;
import java.util.ArrayList;
import java.util.List;

/** Gathers rows that differ into runs: an equal row between two ends a run. Not thread-safe. */
final class DifferenceRuns {
  private final int runsMax;
  private final List<Difference> done = new ArrayList<>();

  private DigestPart part;
  private long first;
  private long last;
  private long missing;
  private long changed;
  private long extra;

  /** Where the span ends that was looked at last: the next one may go on with its run. */
  private long lookedUntil;

  DifferenceRuns(int runsMax) {
    this.runsMax = runsMax;
  }

  boolean full() {
    return done.size() >= runsMax;
  }

  /** What follows is of this span. */
  void begin(DigestPart of, TimeSpan span) {
    if (!of.equals(part) || lookedUntil == Long.MAX_VALUE || lookedUntil + 1 != span.first()) {
      endRun();
    }
    part = of;
    lookedUntil = span.last();
  }

  /**
   * The next row in order of time.
   *
   * @param here null: there is none
   * @param there null: there is none
   */
  void row(RowDigest here, RowDigest there) {
    if (here != null && here.equals(there)) {
      endRun();
      return;
    }
    long time = here == null ? there.time() : here.time();
    first = open() ? first : time;
    last = time;
    missing += there == null ? 1 : 0;
    extra += here == null ? 1 : 0;
    changed += here != null && there != null ? 1 : 0;
  }

  /** So many rows of that span follow, none of which is there. */
  void missing(TimeSpan rows, long count) {
    first = open() ? first : rows.first();
    last = rows.last();
    missing += count;
  }

  private boolean open() {
    return missing + changed + extra > 0;
  }

  void endRun() {
    if (open()) {
      done.add(new Difference(part, new TimeSpan(first, last), missing, changed, extra, true));
      missing = 0;
      changed = 0;
      extra = 0;
    }
  }

  /** A difference of which only hashes were compared. */
  void add(Difference difference) {
    endRun();
    part = null;
    done.add(difference);
  }

  List<Difference> all() {
    endRun();
    return List.copyOf(done);
  }
}
