package io.sluice.datanode.read;

/**
 * How large the blocks are that readers return: whichever limit is reached first.
 *
 * @param blockRowsMax rows in one block at most
 * @param blockBytesMax about as many bytes in one block; a single row may be larger
 */
public record ReadOptions(int blockRowsMax, int blockBytesMax) {
  public static final ReadOptions DEFAULT = new ReadOptions(4_096, 2 << 20);

  public ReadOptions {
    if (blockRowsMax < 1 || blockBytesMax < 1) {
      throw new IllegalArgumentException(blockRowsMax + " rows, " + blockBytesMax + " bytes");
    }
  }
}
