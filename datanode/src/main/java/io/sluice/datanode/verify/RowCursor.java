package io.sluice.datanode.verify;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;

/** The rows of a span, page by page. Not thread-safe. */
final class RowCursor {
  private final Pages pages;
  private final long last;
  private RowPage page;
  private int next;

  interface Pages {
    RowPage of(TimeSpan span) throws StatusException;
  }

  RowCursor(TimeSpan span, Pages pages) throws StatusException {
    this.pages = pages;
    this.last = span.last();
    this.page = pages.of(span);
  }

  /** The row in turn; null at the end. */
  RowDigest row() throws StatusException {
    if (next == page.rows().size() && !page.complete()) {
      if (next == 0) {
        throw new IllegalStateException("an empty page with more rows behind it");
      }
      // More rows follow, so that this one is not the last there can be.
      page = pages.of(new TimeSpan(page.rows().get(next - 1).time() + 1, last));
      next = 0;
    }
    return next < page.rows().size() ? page.rows().get(next) : null;
  }

  void advance() {
    next++;
  }
}
