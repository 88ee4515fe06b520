package io.sluice.datanode.rpc;

/**
 * Limits of the client port. All are positive except {@code port} and {@code sessionIdleMs}, which
 * may be 0.
 *
 * @param host address to listen on
 * @param port 0 picks a free one, see {@link ClientServer#port()}
 * @param connectionsMax further connections are closed at once
 * @param workers threads that execute calls: so many calls of different connections run at a time
 * @param loginFrameBytesMax largest frame taken on a connection without a session
 * @param frameBytesMax largest frame taken on one with a session
 * @param inFlightBytesMax bytes of all frames being received, waiting or executed; beyond it
 *     connections are not read until others have been answered
 * @param loginWaitMs how long a connection may stay without a session
 * @param frameStallMs how long a frame may take on top of its length at 16 bytes per millisecond
 * @param queryIdleMs an open query nobody fetches from is closed after this
 * @param sessionIdleMs a session without calls is closed after this; 0 keeps it, as IoTDB does
 */
public record ClientServerOptions(
    String host,
    int port,
    int connectionsMax,
    int workers,
    int loginFrameBytesMax,
    int frameBytesMax,
    long inFlightBytesMax,
    long loginWaitMs,
    long frameStallMs,
    long queryIdleMs,
    long sessionIdleMs) {

  public ClientServerOptions {
    if (inFlightBytesMax < frameBytesMax || frameBytesMax < loginFrameBytesMax) {
      throw new IllegalArgumentException("in-flight bytes must hold a frame, a frame a login");
    }
  }

  private static final int LARGEST_FRAME_BYTES = 72 << 20;

  /**
   * Usual limits: a session's frame holds the largest tablet of a published client; frames together
   * take at most a quarter of the heap, or one such frame if that is more.
   */
  public static ClientServerOptions defaults(String host, int port) {
    return new ClientServerOptions(
        host,
        port,
        1_000,
        32,
        1 << 20,
        LARGEST_FRAME_BYTES,
        Math.max(LARGEST_FRAME_BYTES, Runtime.getRuntime().maxMemory() / 4),
        30_000,
        30_000,
        10 * 60_000,
        0);
  }
}
