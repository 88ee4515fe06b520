package io.sluice.sync.sender;

/**
 * One pipe as its senders need it.
 *
 * @param number the pipe's identity: a re-created pipe has a higher one
 * @param host of the sink
 * @param createdAtMs epoch milliseconds, for the receiver's SHOW PIPES
 * @param startTimeMs points before it are not sent
 * @param terms with its sink
 */
public record PipeSpec(
    String name,
    long number,
    String host,
    int port,
    long createdAtMs,
    long startTimeMs,
    boolean syncDeletions,
    SinkTerms terms) {

  /** On the usual terms. */
  public PipeSpec(
      String name,
      long number,
      String host,
      int port,
      long createdAtMs,
      long startTimeMs,
      boolean syncDeletions) {
    this(name, number, host, port, createdAtMs, startTimeMs, syncDeletions, SinkTerms.NONE);
  }
}
