package io.sluice.common.sync.frame;

import io.netty.buffer.ByteBuf;

/**
 * The first bytes a sender says: a magic and the protocol versions it knows.
 *
 * @param lowestVersion inclusive
 * @param highestVersion inclusive
 */
public record Opening(int lowestVersion, int highestVersion) {
  /** "SLUC". As a Thrift frame's length it would be over 1.3 GB, which no client port accepts. */
  public static final int MAGIC = 0x534C5543;

  /** How many bytes {@link #startsWith} must see. */
  public static final int MAGIC_BYTES = 4;

  public static final int BYTES = 8;

  /** The oldest version this code speaks. */
  public static final int VERSION_MIN = 1;

  /** From this one on a sender may show that it knows a user's password. */
  public static final int VERSION_CREDENTIALS = 2;

  /** From this one on a chunk's content may come packed. */
  public static final int VERSION_PACKED = 2;

  /** From this one on senders are told whose devices are written by others too. */
  public static final int VERSION_SHARED = 2;

  /** From this one on both sides may compare what they hold. */
  public static final int VERSION_DIGESTS = 2;

  /** From this one on a receiver is told by what pieces are cut. */
  public static final int VERSION_CUT_BY = 3;

  /** From this one on a receiver is told which clusters pieces have passed. */
  public static final int VERSION_VIA = 3;

  /** From this one on a receiver's rotten files are had from their senders. */
  public static final int VERSION_MENDS = 3;

  /** The newest version this code speaks. */
  public static final int VERSION = 3;

  public static final Opening OURS = new Opening(VERSION_MIN, VERSION);

  /** Whether a connection's first bytes are a sender's. Reads nothing; needs MAGIC_BYTES. */
  public static boolean startsWith(ByteBuf firstBytes) {
    return firstBytes.readableBytes() >= MAGIC_BYTES
        && firstBytes.getInt(firstBytes.readerIndex()) == MAGIC;
  }

  /** The newest version that this sender and this code know; to be asked when there is one. */
  public int common() {
    return Math.min(highestVersion, VERSION);
  }

  /** Whether both sides know a version in common. */
  public boolean understands(int lowest, int highest) {
    return lowestVersion <= highest && lowest <= highestVersion;
  }
}
