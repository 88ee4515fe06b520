/**
 * The nouns every part of the DataNode shares: a series ({@link
 * io.sluice.datanode.point.SeriesKey}, {@link io.sluice.datanode.point.SeriesSpec}), a time range,
 * and points as columns of primitives ({@link io.sluice.datanode.point.PointBatch}). Values only:
 * no I/O, no threads.
 */
package io.sluice.datanode.point;
