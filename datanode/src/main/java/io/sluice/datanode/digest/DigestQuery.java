package io.sluice.datanode.digest;

import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.TimeSpan;
import java.util.List;
import java.util.UUID;

/**
 * @param spans ascending, none overlapping; a single one unless {@code cut} is AS_ASKED
 * @param rowsPerCut of use with EVERY_ROWS, at least 1
 * @param withoutOrigin leaves out what that cluster's pipes brought; null: everything counts
 * @param withoutRottenOf leaves out files that are rotten, whose rows that cluster's pipes brought;
 *     null: whoever needs such a file fails
 */
public record DigestQuery(
    DigestPart part,
    List<TimeSpan> spans,
    Cut cut,
    int rowsPerCut,
    UUID withoutOrigin,
    UUID withoutRottenOf) {
  /** What one hash is of. The ids stand in the internal protocol. */
  public enum Cut {
    /** Each span. */
    AS_ASKED(1),
    /** Each so many rows of the span; the cuts lie close, so that they fill it. */
    EVERY_ROWS(2),
    /** Each row by itself; {@code low} of its hash is 0. */
    ROWS(3);

    private final int id;

    Cut(int id) {
      this.id = id;
    }

    public int id() {
      return id;
    }

    /**
     * @throws IllegalArgumentException for an unknown id
     */
    public static Cut ofId(int id) {
      for (Cut cut : values()) {
        if (cut.id == id) {
          return cut;
        }
      }
      throw new IllegalArgumentException("no such cut: " + id);
    }
  }

  public DigestQuery {
    spans = List.copyOf(spans);
    if (spans.isEmpty() || cut != Cut.AS_ASKED && spans.size() != 1) {
      throw new IllegalArgumentException(spans.size() + " spans, " + cut);
    }
    if (cut == Cut.EVERY_ROWS && rowsPerCut < 1) {
      throw new IllegalArgumentException("cuts of " + rowsPerCut + " rows");
    }
  }

  public static DigestQuery asAsked(DigestPart part, List<TimeSpan> spans) {
    return new DigestQuery(part, spans, Cut.AS_ASKED, 0, null, null);
  }

  public static DigestQuery everyRows(DigestPart part, TimeSpan span, int rows) {
    return new DigestQuery(part, List.of(span), Cut.EVERY_ROWS, rows, null, null);
  }

  public static DigestQuery rows(DigestPart part, TimeSpan span) {
    return new DigestQuery(part, List.of(span), Cut.ROWS, 0, null, null);
  }

  /** The same without what that cluster's pipes brought. */
  public DigestQuery without(UUID origin) {
    return new DigestQuery(part, spans, cut, rowsPerCut, origin, withoutRottenOf);
  }

  /** The same without rotten files of what that cluster's pipes brought. */
  public DigestQuery withoutRottenOf(UUID origin) {
    return new DigestQuery(part, spans, cut, rowsPerCut, withoutOrigin, origin);
  }
}
