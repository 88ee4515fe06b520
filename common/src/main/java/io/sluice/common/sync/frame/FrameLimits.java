package io.sluice.common.sync.frame;

/** What a peer may make the other side hold in memory. */
public final class FrameLimits {
  /** Holds a HELLO with over 60,000 leader changes. */
  public static final int BODY_BYTES_MAX = 1 << 20;

  /** Content that follows one chunk frame; it is handed on in parts, never gathered. */
  public static final int CHUNK_BYTES_MAX = 1 << 20;

  static final int HEADER_BYTES = 12;
  static final int CHECKED_HEADER_BYTES = 8;

  private FrameLimits() {}
}
