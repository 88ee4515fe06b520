package io.sluice.datanode.verify;

import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.TimeSpan;

/**
 * Neighbouring rows that both ends do not have alike.
 *
 * @param span from the first of them to the last
 * @param missing rows the receiver has not
 * @param changed rows that it has otherwise
 * @param extra rows that only it has
 * @param exact whether rows were compared one by one; otherwise there may be more of each kind
 */
public record Difference(
    DigestPart part, TimeSpan span, long missing, long changed, long extra, boolean exact) {

  /** Of a span of which only hashes were compared. */
  static Difference coarse(DigestPart part, TimeSpan span, long rowsHere, RangeHash there) {
    long missing = there.counted() ? Math.max(0, rowsHere - there.rows()) : 0;
    long extra = there.counted() ? Math.max(0, there.rows() - rowsHere) : 1;
    return new Difference(part, span, missing, missing + extra == 0 ? 1 : 0, extra, false);
  }

  /** Whether the receiver lacks anything that is here. */
  public boolean mendable() {
    return missing > 0 || changed > 0 || !exact;
  }
}
