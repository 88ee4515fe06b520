package io.sluice.sync.receiver;

/**
 * How much a receiver takes on, and how patient it is.
 *
 * @param connectionsMax senders' connections at once; more are refused
 * @param stagingBytesMax bytes of files being received, declared lengths counted in full
 * @param workers threads that write, verify and load files
 * @param silenceMsMax a connection that says nothing for so long is closed
 * @param ledgerDelayMsMax how far a ledger may lag behind what is applied
 * @param loadMsMax for the targets to take one piece, and a second more for each MB of it
 */
public record SyncReceiverOptions(
    int connectionsMax,
    long stagingBytesMax,
    int workers,
    long silenceMsMax,
    long ledgerDelayMsMax,
    long loadMsMax) {
  public static final SyncReceiverOptions DEFAULT =
      new SyncReceiverOptions(1_000, 16L << 30, 8, 30_000, 1_000, 60_000);
}
