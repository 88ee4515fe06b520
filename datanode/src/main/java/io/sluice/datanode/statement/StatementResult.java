package io.sluice.datanode.statement;

import io.sluice.datanode.read.RowBlocks;
import java.time.ZoneId;
import java.util.List;

/** What a statement that succeeded answers. */
public sealed interface StatementResult {
  /**
   * Executed; there are no rows to show.
   *
   * @param note for whoever reads a success's text; mostly empty
   */
  record Done(String note) implements StatementResult {
    public Done() {
      this("");
    }
  }

  /** The session is to use this zone from now on. */
  record ZoneSet(ZoneId zone) implements StatementResult {}

  /**
   * Rows, read as they are fetched. Whoever holds them closes the blocks.
   *
   * @param withTime whether the blocks' time column is shown
   */
  record Rows(List<ResultColumn> columns, boolean withTime, RowBlocks blocks)
      implements StatementResult {}
}
