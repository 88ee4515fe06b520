package io.sluice.common.sync.digest;

import java.util.List;

/**
 * Rows of a span in order of time.
 *
 * @param complete whether these are all; otherwise more follow behind the last
 */
public record RowPage(List<RowDigest> rows, boolean complete) {
  public RowPage {
    rows = List.copyOf(rows);
  }
}
