package io.sluice.datanode.statement;

import org.apache.tsfile.read.common.block.TsBlock;

/** A WHERE bound to the columns of blocks. */
@FunctionalInterface
interface RowTest {
  boolean holds(TsBlock block, int row);
}
