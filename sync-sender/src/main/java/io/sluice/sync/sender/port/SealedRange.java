package io.sluice.sync.sender.port;

/**
 * A durable range of a region's log.
 *
 * @param start exclusive
 * @param end inclusive; ranges are ordered by it
 */
public record SealedRange(long start, long end) {}
