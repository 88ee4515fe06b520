package io.sluice.datanode.region.memtable;

/** A client's tablet whose bytes are not what its columns say: the writer's fault. */
public final class MalformedTabletException extends Exception {
  public MalformedTabletException(String message) {
    super(message);
  }

  public MalformedTabletException(String message, Throwable cause) {
    super(message, cause);
  }
}
