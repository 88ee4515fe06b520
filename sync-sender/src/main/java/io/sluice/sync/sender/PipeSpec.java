package io.sluice.sync.sender;

/**
 * One pipe as its senders need it.
 *
 * @param number the pipe's identity: a re-created pipe has a higher one
 * @param host of the sink
 * @param createdAtMs epoch milliseconds, for the receiver's SHOW PIPES
 * @param startTimeMs points before it are not sent
 */
public record PipeSpec(
    String name,
    long number,
    String host,
    int port,
    long createdAtMs,
    long startTimeMs,
    boolean syncDeletions) {}
