package io.sluice.datanode.statement;

import io.sluice.datanode.read.RowBlocks;
import org.apache.tsfile.read.common.block.TsBlock;

/** The rows of an empty answer. */
enum NoRows implements RowBlocks {
  INSTANCE;

  @Override
  public TsBlock next() {
    return null;
  }

  @Override
  public void close() {}
}
