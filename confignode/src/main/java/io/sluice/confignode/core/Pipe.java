package io.sluice.confignode.core;

/**
 * One pipe.
 *
 * @param number never used twice: a re-created pipe has a higher one
 * @param startTimeMs points before this time are not sent
 * @param changedAt version of the pipe table at which this pipe last changed: what a DataNode
 *     compares to tell a late message from a new one
 */
public record Pipe(
    long number,
    String name,
    String sink,
    long createdAtMs,
    long startTimeMs,
    boolean syncDeletions,
    Status status,
    long changedAt) {

  /** As SHOW PIPES prints it. Codes are stored: never change one. */
  public enum Status {
    RUNNING(1),
    STOP(2),
    DROP(3);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }

  Pipe with(Status newStatus, long atVersion) {
    return new Pipe(
        number, name, sink, createdAtMs, startTimeMs, syncDeletions, newStatus, atVersion);
  }
}
