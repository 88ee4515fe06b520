package io.sluice.common.sync.frame;

/** What a peer may make the other side hold in memory. */
public final class FrameLimits {
  /** Holds a HELLO with over 60,000 leader changes, a CONFLICT with 1,000 series. */
  public static final int BODY_BYTES_MAX = 1 << 20;

  /** Of any other frame: two strings and some numbers. */
  public static final int OTHER_BODY_BYTES_MAX = 132 << 10;

  /** A longer frame counts among {@link LargeFrames} until it is whole. */
  static final int LARGE_BYTES = 64 << 10;

  /** Content that follows one chunk frame; it is handed on in parts, never gathered. */
  public static final int CHUNK_BYTES_MAX = 1 << 20;

  /**
   * Content of one packed chunk; what it is packed into is shorter. Packed content is gathered, so
   * that this is what a connection may hold in memory.
   */
  public static final int PACKED_CONTENT_BYTES_MAX = 64 << 10;

  static final int HEADER_BYTES = 12;
  static final int CHECKED_HEADER_BYTES = 8;

  private FrameLimits() {}
}
