/**
 * One region's state machine without Raft ({@link io.sluice.datanode.region.store.RegionStore}): an
 * entry is decided, replayed and published; a closed range ({@link
 * io.sluice.datanode.region.store.SealedRange}) is written by the flusher as one TsFile and then
 * listed by the manifest.
 *
 * <p>Invariants: the image and the memtables a reader gets belong together; a range is visible from
 * memory until the moment it is visible from its file; the manifest advances range by range, so
 * that it is always the region as of one index; a staged file's name goes only once a durable
 * manifest lists the file.
 *
 * <p>Never imports Raft or the network.
 */
package io.sluice.datanode.region.store;
