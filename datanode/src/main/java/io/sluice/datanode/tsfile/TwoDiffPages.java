package io.sluice.datanode.tsfile;

import java.nio.ByteBuffer;

/**
 * Decodes TS_2DIFF, the encoding of every page's time stamps, into an array at once: the library
 * does it value by value, and allocates what a block's header says before looking how much there
 * is.
 *
 * <p>A page is a sequence of blocks. A block: int32 number of differences, int32 bits of each, the
 * smallest difference and the first value (int64 or int32, as the type is), then the differences
 * less the smallest, packed, most significant bit first, padded to a byte. All big-endian;
 * arithmetic wraps.
 */
final class TwoDiffPages {
  private TwoDiffPages() {}

  /**
   * Fills {@code values}.
   *
   * @throws RuntimeException when the bytes are not as many values
   */
  static void decode(ByteBuffer bytes, long[] values) {
    int at = 0;
    while (at < values.length) {
      int differences = bytes.getInt();
      int width = bytes.getInt();
      long smallest = bytes.getLong();
      long value = bytes.getLong();
      checkBlock(differences, width, Long.SIZE, values.length - at, bytes.remaining());
      values[at++] = value;
      if (width == 0) {
        for (int i = 0; i < differences; i++) {
          value += smallest;
          values[at++] = value;
        }
      } else {
        int start = bytes.position() * Byte.SIZE;
        for (int i = 0; i < differences; i++) {
          value += smallest + bits(bytes, start + i * width, width);
          values[at++] = value;
        }
      }
      bytes.position(bytes.position() + packedBytes(differences, width));
    }
  }

  /** As {@link #decode(ByteBuffer, long[])}. */
  static void decode(ByteBuffer bytes, int[] values) {
    int at = 0;
    while (at < values.length) {
      int differences = bytes.getInt();
      int width = bytes.getInt();
      int smallest = bytes.getInt();
      int value = bytes.getInt();
      checkBlock(differences, width, Integer.SIZE, values.length - at, bytes.remaining());
      values[at++] = value;
      int start = bytes.position() * Byte.SIZE;
      for (int i = 0; i < differences; i++) {
        value += smallest + (int) bits(bytes, start + i * width, width);
        values[at++] = value;
      }
      bytes.position(bytes.position() + packedBytes(differences, width));
    }
  }

  private static void checkBlock(int differences, int width, int bits, int room, int remaining) {
    boolean fits =
        differences >= 0
            && differences < room
            && width >= 0
            && width <= bits
            && packedBytes(differences, width) <= remaining;
    if (!fits) {
      throw new IllegalStateException(differences + " differences of " + width + " bits");
    }
  }

  private static int packedBytes(int differences, int width) {
    return (int) (((long) differences * width + Byte.SIZE - 1) / Byte.SIZE);
  }

  /** {@code width} bits from bit {@code position} on, 0 for no bits. */
  private static long bits(ByteBuffer bytes, int position, int width) {
    int index = position >>> 3;
    int shift = position & 7;
    if (width == 0) {
      return 0;
    }
    if (width + shift <= Long.SIZE && index + Long.BYTES <= bytes.limit()) {
      return bytes.getLong(index) << shift >>> (Long.SIZE - width);
    }
    long value = 0;
    int left = width;
    while (left > 0) {
      int here = Math.min(left, Byte.SIZE - shift);
      int octet = bytes.get(index++) & 0xFF;
      int part = (octet >>> (Byte.SIZE - shift - here)) & ((1 << here) - 1);
      value = value << here | part;
      left -= here;
      shift = 0;
    }
    return value;
  }
}
