package io.sluice.datanode.region.memtable;

/** One row alone is larger than an entry may be. */
public final class TabletTooLargeException extends Exception {
  public TabletTooLargeException(String message) {
    super(message);
  }
}
