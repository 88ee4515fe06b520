/**
 * Points in memory: decoding a tablet's bytes into columns ({@link
 * io.sluice.datanode.region.memtable.TabletDecoder}), keeping them as they came ({@link
 * io.sluice.datanode.region.memtable.MemTable}, {@link
 * io.sluice.datanode.region.memtable.PointRun}), sorting when somebody reads.
 *
 * <p>Path: a tablet's columns are decoded straight into arrays, which a series then keeps; a reader
 * joins and sorts them, the later written of two points at one time winning; a seal reads them in
 * key order.
 *
 * <p>Invariants: one thread appends; what a reader may see is bounded by a log index, so that it
 * never sees half an entry; arrays handed out are never written to again below their count.
 *
 * <p>Never imports Raft, files or the network.
 */
package io.sluice.datanode.region.memtable;
