package io.sluice.datanode.read;

import org.apache.tsfile.read.common.block.TsBlock;

/** The rows of an empty answer. Thread-safe. */
public enum NoRows implements RowBlocks {
  INSTANCE;

  @Override
  public TsBlock next() {
    return null;
  }

  @Override
  public void close() {}
}
