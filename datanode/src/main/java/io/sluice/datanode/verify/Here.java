package io.sluice.datanode.verify;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.digest.SpanDigest;
import java.util.UUID;

/** This cluster's side of a comparison: one region, asked at its leader. */
interface Here {
  DigestAnswer digest(DigestQuery query) throws StatusException;

  /** A page of the rows, as the receiver gives its own. */
  default RowPage rows(DigestPart part, TimeSpan span) throws StatusException {
    return page(digest(DigestQuery.rows(part, span)));
  }

  /** The same without what that cluster's pipes brought. */
  default RowPage rowsWithout(UUID origin, DigestPart part, TimeSpan span) throws StatusException {
    return page(digest(DigestQuery.rows(part, span).without(origin)));
  }

  private static RowPage page(DigestAnswer answer) {
    return new RowPage(
        answer.digests().stream()
            .map((SpanDigest row) -> new RowDigest(row.span().first(), row.hash().high()))
            .toList(),
        answer.complete());
  }
}
