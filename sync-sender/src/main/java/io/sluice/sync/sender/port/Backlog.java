package io.sluice.sync.sender.port;

/**
 * What is in a region and not yet at the receiver.
 *
 * @param files sealed
 * @param bytes on disk here; what is sent may be less
 * @param oldestAtMs epoch milliseconds at which the oldest of the files was written; 0 when there
 *     is none
 * @param unsealedRows in memory, and in no file yet
 */
public record Backlog(long files, long bytes, long oldestAtMs, long unsealedRows) {
  public static final Backlog NONE = new Backlog(0, 0, 0, 0);
}
