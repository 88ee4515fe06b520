package io.sluice.common.sync.mend;

import java.nio.ByteBuffer;

/**
 * Bytes of a TsFile with the rows that one region of the sender's has of a {@link RottenFile}'s
 * times.
 *
 * @param lengthBytes of the whole TsFile; 0: the region has none that are not there already
 * @param crc32c of the whole TsFile
 * @param sentFromMs rows before it the sender does not have any more, or does not send
 * @param offset of the first of these bytes; with 0 it begins anew
 * @param bytes at most {@link #BYTES_MAX}; none only of an empty TsFile
 */
public record RowsPart(
    long lengthBytes, int crc32c, long sentFromMs, long offset, ByteBuffer bytes) {
  /** A frame of it stays below 64 KiB. */
  public static final int BYTES_MAX = 48 << 10;

  /** A rotten file was not longer than a few hundred MiB; what stands for it is not either. */
  public static final long LENGTH_BYTES_MAX = 1L << 30;

  public RowsPart {
    if (lengthBytes < 0
        || lengthBytes > LENGTH_BYTES_MAX
        || offset < 0
        || bytes.remaining() > BYTES_MAX
        || offset + bytes.remaining() > lengthBytes
        || bytes.remaining() == 0 && lengthBytes > 0) {
      throw new IllegalArgumentException(
          bytes.remaining() + " bytes at " + offset + " of " + lengthBytes);
    }
  }

  public boolean last() {
    return offset + bytes.remaining() == lengthBytes;
  }
}
