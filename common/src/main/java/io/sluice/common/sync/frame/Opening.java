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

  /** The version this code speaks, and the only one so far. */
  public static final int VERSION = 1;

  public static final Opening OURS = new Opening(VERSION, VERSION);

  /** Whether a connection's first bytes are a sender's. Reads nothing; needs MAGIC_BYTES. */
  public static boolean startsWith(ByteBuf firstBytes) {
    return firstBytes.readableBytes() >= MAGIC_BYTES
        && firstBytes.getInt(firstBytes.readerIndex()) == MAGIC;
  }

  /** Whether both sides know a version in common. */
  public boolean understands(int lowest, int highest) {
    return lowestVersion <= highest && lowest <= highestVersion;
  }
}
