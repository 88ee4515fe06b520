package io.sluice.sim.sync.disk;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;

/** A file's content, whatever names it has. */
public final class SimFile {
  private byte[] bytes = new byte[0];

  /** As of the last force. */
  private byte[] forced = bytes;

  /** What a reader sees now. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** What no crash can take away. */
  public boolean durable() {
    return Arrays.equals(bytes, forced);
  }

  int size() {
    return bytes.length;
  }

  int read(ByteBuffer into, long position) {
    if (position >= bytes.length) {
      return -1;
    }
    int count = Math.min(into.remaining(), bytes.length - (int) position);
    into.put(bytes, (int) position, count);
    return count;
  }

  int write(ByteBuffer from, long position) {
    int count = from.remaining();
    int end = (int) position + count;
    bytes = Arrays.copyOf(bytes, Math.max(bytes.length, end));
    from.get(bytes, (int) position, count);
    return count;
  }

  void truncate(long size) {
    if (size < bytes.length) {
      bytes = Arrays.copyOf(bytes, (int) size);
    }
  }

  void force() {
    forced = bytes.clone();
  }

  /**
   * The machine dies.
   *
   * @return whether something was lost
   */
  boolean crash(Random random) {
    byte[] before = bytes;
    bytes =
        switch (random.nextInt(4)) {
          case 0 -> bytes;
          case 1 -> torn(random);
          case 2 -> zeroed();
          default -> forced.clone();
        };
    boolean lost = !Arrays.equals(before, bytes);
    forced = bytes.clone();
    return lost;
  }

  /** A part of what was appended is there. */
  private byte[] torn(Random random) {
    if (bytes.length <= forced.length) {
      return forced.clone();
    }
    int length = forced.length + random.nextInt(bytes.length - forced.length + 1);
    byte[] torn = Arrays.copyOf(bytes, length);
    System.arraycopy(forced, 0, torn, 0, forced.length);
    return torn;
  }

  /** The length is there, the content is not. */
  private byte[] zeroed() {
    return Arrays.copyOf(forced, bytes.length);
  }
}
