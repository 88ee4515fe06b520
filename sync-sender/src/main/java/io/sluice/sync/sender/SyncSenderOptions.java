package io.sluice.sync.sender;

/**
 * How a sender paces itself. Times in milliseconds.
 *
 * @param retriesMax failures in a row, beyond the first, before WARN becomes ERROR
 * @param retryDelayMsFirst before the first retry; doubles with each
 * @param retryDelayMsMax the cap of that
 * @param heartbeatMs a connection that has said nothing for so long says something
 * @param connectMsMax for a connection to stand and the receiver's greeting to come
 * @param silenceMsMax a receiver that says nothing for so long is given up; it speaks every second,
 *     whatever else it does
 * @param progressMsMax a receiver that speaks, but neither gets on nor says that it is at work, is
 *     given up
 * @param windowPieces ranges announced and not yet applied
 * @param eventLoops threads that carry all connections
 * @param openers threads that cut and open files
 */
public record SyncSenderOptions(
    int retriesMax,
    long retryDelayMsFirst,
    long retryDelayMsMax,
    long heartbeatMs,
    long connectMsMax,
    long silenceMsMax,
    long progressMsMax,
    int windowPieces,
    int eventLoops,
    int openers) {

  /** The same with another {@link #retriesMax}. */
  public SyncSenderOptions withRetriesMax(int max) {
    return new SyncSenderOptions(
        max,
        retryDelayMsFirst,
        retryDelayMsMax,
        heartbeatMs,
        connectMsMax,
        silenceMsMax,
        progressMsMax,
        windowPieces,
        eventLoops,
        openers);
  }

  public static final SyncSenderOptions DEFAULT =
      new SyncSenderOptions(5, 200, 5_000, 2_000, 3_000, 5_000, 30_000, 8, 2, 2);
}
