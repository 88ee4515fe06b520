package io.sluice.sync.sender.port;

/**
 * What is sealed in a region and not yet at the receiver.
 *
 * @param bytes on disk here; what is sent may be less
 * @param oldestAtMs epoch milliseconds at which the oldest of the files was written; 0 when there
 *     is none
 */
public record Backlog(long files, long bytes, long oldestAtMs) {
  public static final Backlog NONE = new Backlog(0, 0, 0);
}
