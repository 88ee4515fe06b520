package io.sluice.datanode.region.compact;

/**
 * How far a pipe has come in a region, as far as is known here: never further than it has.
 *
 * @param position log index up to which everything is at the receiver; 0 as long as it has not said
 * @param begunTo end of the last range whose transfer has begun; at or above the position
 * @param deletions whether the pipe sends deletions: else what it has not sent yet has to stay as
 *     it was written
 */
public record PipeFloor(long position, long begunTo, boolean deletions) {}
