package io.sluice.datanode.verify;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.DigestLimits;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.digest.SpanDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares parts of a region with the receiver: large cuts first, many to a question; what differs
 * is cut finer until rows are compared one by one. Both sides may change meanwhile, so that what is
 * found is to be looked at again. Not thread-safe.
 */
final class Comparison {
  /** Points in one of the first cuts. */
  private static final int CUT_POINTS = 1 << 18;

  private static final int CUT_ROWS_MIN = 16;

  /** Into how many a cut that differs is cut. */
  private static final int FINER = 16;

  /** Rows that are not cut finer, but compared one by one. */
  private static final int LEAF_ROWS = 128;

  /** Rows the receiver has, of a few here, that are still compared one by one. */
  private static final int ROWS_THERE_MAX = 10_000;

  private final Here here;
  private final Receiver there;
  private final long rowsAskedMax;
  private final DifferenceRuns found;

  /** Hashed here, not yet asked of the receiver. */
  private final List<Cut> waiting = new ArrayList<>();

  private int waitingChars;
  private long rows;

  /** Of the receiver, one by one. */
  private long rowsAsked;

  private record Cut(DigestPart part, SpanDigest digest) {}

  /**
   * @param runsMax differences found, about; what comes behind is not cut finer
   * @param rowsAskedMax rows asked of the receiver one by one, about; the same
   */
  Comparison(Here here, Receiver there, int runsMax, long rowsAskedMax) {
    this.here = here;
    this.there = there;
    this.rowsAskedMax = rowsAskedMax;
    this.found = new DifferenceRuns(runsMax);
  }

  /** Also asks about parts compared before, as their questions fill. */
  void compare(DigestPart part, TimeSpan span) throws StatusException {
    int columns = Math.max(1, part.measurements().size());
    int rowsPerCut = Math.max(CUT_ROWS_MIN, CUT_POINTS / columns);
    TimeSpan left = span;
    while (left != null) {
      DigestAnswer answer = here.digest(DigestQuery.everyRows(part, left, rowsPerCut));
      for (SpanDigest digest : answer.digests()) {
        rows += digest.hash().rows();
        wait(new Cut(part, digest));
      }
      left = answer.rest(left);
    }
  }

  private void wait(Cut cut) throws StatusException {
    int chars = cut.part().chars();
    if (waiting.size() == DigestLimits.SPANS_MAX
        || !waiting.isEmpty() && waitingChars + chars > DigestLimits.CHARS_MAX) {
      finish();
    }
    boolean samePart = !waiting.isEmpty() && waiting.get(waiting.size() - 1).part() == cut.part();
    waitingChars += samePart ? 0 : chars;
    waiting.add(cut);
  }

  /** Asks about what has been hashed and not been asked yet. */
  void finish() throws StatusException {
    List<Cut> asked = List.copyOf(waiting);
    waiting.clear();
    waitingChars = 0;
    List<RangeHash> hashes = ask(asked);
    for (int i = 0; i < asked.size(); i++) {
      Cut cut = asked.get(i);
      if (!cut.digest().hash().equals(hashes.get(i))) {
        narrow(cut, hashes.get(i));
      }
    }
  }

  private List<RangeHash> ask(List<Cut> cuts) throws StatusException {
    List<RangeHash> hashes = new ArrayList<>();
    while (hashes.size() < cuts.size()) {
      List<RangeHash> more = there.ranges(byPart(cuts.subList(hashes.size(), cuts.size())));
      if (more.isEmpty() || hashes.size() + more.size() > cuts.size()) {
        throw new IllegalStateException(more.size() + " hashes of " + cuts.size());
      }
      hashes.addAll(more);
    }
    return hashes;
  }

  private static List<DigestSpans> byPart(List<Cut> cuts) {
    List<DigestSpans> parts = new ArrayList<>();
    int from = 0;
    for (int i = 1; i <= cuts.size(); i++) {
      if (i == cuts.size() || cuts.get(i).part() != cuts.get(from).part()) {
        List<TimeSpan> spans =
            cuts.subList(from, i).stream().map(cut -> cut.digest().span()).toList();
        parts.add(new DigestSpans(cuts.get(from).part(), spans));
        from = i;
      }
    }
    return parts;
  }

  private void narrow(Cut cut, RangeHash theirs) throws StatusException {
    TimeSpan span = cut.digest().span();
    long rowsHere = cut.digest().hash().rows();
    boolean tooManyThere = !theirs.counted() || theirs.rows() > ROWS_THERE_MAX;
    if (theirs.rows() == 0) {
      missing(cut.part(), span, rowsHere);
    } else if (found.full() || rowsAsked >= rowsAskedMax || rowsHere <= LEAF_ROWS && tooManyThere) {
      found.add(Difference.coarse(cut.part(), span, rowsHere, theirs));
    } else if (rowsHere <= LEAF_ROWS) {
      compareRows(cut.part(), span);
    } else {
      compareFiner(cut);
    }
  }

  /** The receiver has none of these rows. */
  private void missing(DigestPart part, TimeSpan span, long count) throws StatusException {
    List<RowDigest> first = here.rows(part, span).rows();
    if (first.isEmpty()) {
      return;
    }
    long last = first.get(first.size() - 1).time();
    if (count > first.size()) {
      // All rows but one, and behind them the last.
      int butOne = Math.toIntExact(count - 1);
      List<SpanDigest> ends = here.digest(DigestQuery.everyRows(part, span, butOne)).digests();
      List<RowDigest> tail = here.rows(part, ends.get(ends.size() - 1).span()).rows();
      last = tail.isEmpty() ? last : tail.get(tail.size() - 1).time();
    }
    found.begin(part, span);
    found.missing(new TimeSpan(first.get(0).time(), last), count);
  }

  private void compareFiner(Cut cut) throws StatusException {
    int rowsPerCut = Math.toIntExact((cut.digest().hash().rows() + FINER - 1) / FINER);
    TimeSpan left = cut.digest().span();
    while (left != null) {
      DigestAnswer answer = here.digest(DigestQuery.everyRows(cut.part(), left, rowsPerCut));
      left = answer.rest(left);
      List<Cut> finer =
          answer.digests().stream().map(digest -> new Cut(cut.part(), digest)).toList();
      List<RangeHash> hashes = ask(finer);
      for (int i = 0; i < finer.size(); i++) {
        if (!finer.get(i).digest().hash().equals(hashes.get(i))) {
          narrow(finer.get(i), hashes.get(i));
        }
      }
    }
  }

  private void compareRows(DigestPart part, TimeSpan span) throws StatusException {
    RowCursor ours = new RowCursor(span, times -> here.rows(part, times));
    RowCursor theirs = new RowCursor(span, times -> counted(there.rows(part, times)));
    found.begin(part, span);
    RowDigest our = ours.row();
    RowDigest their = theirs.row();
    while (our != null || their != null) {
      boolean takesOurs = our != null && (their == null || our.time() <= their.time());
      boolean takesTheirs = their != null && (our == null || their.time() <= our.time());
      found.row(takesOurs ? our : null, takesTheirs ? their : null);
      if (takesOurs) {
        ours.advance();
        our = ours.row();
      }
      if (takesTheirs) {
        theirs.advance();
        their = theirs.row();
      }
    }
  }

  private RowPage counted(RowPage page) {
    rowsAsked += page.rows().size();
    return page;
  }

  /** Differences so far. */
  List<Difference> found() {
    return found.all();
  }

  /** Rows here that were compared so far. */
  long rows() {
    return rows;
  }
}
