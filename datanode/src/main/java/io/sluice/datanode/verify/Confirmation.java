package io.sluice.datanode.verify;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.digest.SpanDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Looks again at what differs: here; then, once the pipe has shipped what was there, at the
 * receiver; then here once more. A row that is the same at both looks here is at the receiver just
 * so, or it differs indeed; a row that is not has been written meanwhile, and says nothing. Rows
 * that the receiver's own pipes brought are not this pipe's to send. Not thread-safe.
 */
final class Confirmation {
  /** Of one difference, looked at one by one; of a longer one hashes are compared. */
  private static final long ROWS_MAX = 10_000;

  private static final int CUT_ROWS = 4_096;
  private static final int CUT_POINTS = 1 << 18;

  private final Here here;
  private final Receiver there;
  private final List<Look> looks = new ArrayList<>();

  /** One of the two is null. */
  private record Look(Difference difference, Map<Long, Long> rows, List<SpanDigest> cuts) {
    DigestPart part() {
      return difference.part();
    }

    TimeSpan span() {
      return difference.span();
    }
  }

  private Confirmation(Here here, Receiver there) {
    this.here = here;
    this.there = there;
  }

  /** The first look. */
  static Confirmation of(List<Difference> found, Here here, Receiver there) throws StatusException {
    Confirmation confirmation = new Confirmation(here, there);
    for (Difference one : found) {
      long rows = one.missing() + one.changed() + one.extra();
      boolean single = one.exact() && rows <= ROWS_MAX;
      Map<Long, Long> before =
          single ? rows(one.span(), times -> here.rows(one.part(), times)) : null;
      confirmation.looks.add(
          new Look(one, before, single ? null : confirmation.cuts(one.part(), one.span())));
    }
    return confirmation;
  }

  private static Map<Long, Long> rows(TimeSpan span, RowCursor.Pages pages) throws StatusException {
    Map<Long, Long> rows = new HashMap<>();
    RowCursor cursor = new RowCursor(span, pages);
    for (RowDigest row = cursor.row(); row != null; row = cursor.row()) {
      rows.put(row.time(), row.hash());
      cursor.advance();
    }
    return rows;
  }

  private List<SpanDigest> cuts(DigestPart part, TimeSpan span) throws StatusException {
    List<SpanDigest> cuts = new ArrayList<>();
    int rows = Math.max(1, Math.min(CUT_ROWS, CUT_POINTS / part.measurements().size()));
    TimeSpan left = span;
    while (left != null) {
      DigestAnswer answer = here.digest(DigestQuery.everyRows(part, left, rows));
      cuts.addAll(answer.digests());
      left = answer.rest(left);
    }
    return cuts;
  }

  /** The other looks. What was there at the first one has been shipped since. */
  List<Difference> confirmed() throws StatusException {
    DifferenceRuns runs = new DifferenceRuns(Integer.MAX_VALUE);
    for (Look look : looks) {
      if (look.rows() == null) {
        cuts(look, runs);
      } else {
        rows(look, runs);
      }
    }
    return runs.all();
  }

  private void rows(Look look, DifferenceRuns runs) throws StatusException {
    DigestPart part = look.part();
    Map<Long, Long> theirs = rows(look.span(), times -> there.rows(part, times));
    Map<Long, Long> ours = rows(look.span(), times -> here.rows(part, times));
    Map<Long, Long> toSend =
        look.difference().mendable()
            ? rows(look.span(), times -> here.rowsWithout(there.clusterId(), part, times))
            : ours;
    TreeSet<Long> times = new TreeSet<>(ours.keySet());
    times.addAll(theirs.keySet());
    runs.begin(part, look.span());
    for (long time : times) {
      Long our = ours.get(time);
      boolean still = Objects.equals(our, look.rows().get(time));
      boolean sent = our == null || our.equals(toSend.get(time));
      if (still && sent) {
        runs.row(row(time, our), row(time, theirs.get(time)));
      } else {
        runs.endRun();
      }
    }
  }

  private static RowDigest row(long time, Long hash) {
    return hash == null ? null : new RowDigest(time, hash);
  }

  private void cuts(Look look, DifferenceRuns runs) throws StatusException {
    for (SpanDigest cut : look.cuts()) {
      List<TimeSpan> span = List.of(cut.span());
      RangeHash theirs = there.ranges(List.of(new DigestSpans(look.part(), span))).get(0);
      DigestQuery again = DigestQuery.asAsked(look.part(), span);
      RangeHash ours = here.digest(again).digests().get(0).hash();
      RangeHash toSend = here.digest(again.without(there.clusterId())).digests().get(0).hash();
      boolean still = ours.equals(cut.hash());
      if (still && theirs.rows() == 0 && toSend.rows() > 0) {
        runs.begin(look.part(), cut.span());
        runs.missing(cut.span(), toSend.rows());
      } else if (still && theirs.rows() != 0 && !theirs.equals(ours)) {
        runs.add(Difference.coarse(look.part(), cut.span(), ours.rows(), theirs));
      }
    }
  }
}
