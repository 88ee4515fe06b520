package io.sluice.sync.sender;

/**
 * How far a pipe has come in a region, by what is known in this process: never further than it has.
 *
 * @param position log index up to which the receiver has everything; 0 when it has not said
 * @param begunTo end of the last range that was offered to it, at or above the position
 * @param deletions whether the pipe sends deletions
 */
public record Shipped(long position, long begunTo, boolean deletions) {}
