/**
 * From a {@link io.sluice.datanode.region.RegionView} to rows: merges memtables and TsFile chunks
 * of each series by time and order of end index, leaves out what deletions hide, and lines series
 * up into blocks.
 *
 * <p>Nouns: {@link io.sluice.datanode.read.RegionReader} (scan and count of one region), {@link
 * io.sluice.datanode.read.RowBlocks} (rows in time order, block by block), {@link
 * io.sluice.datanode.read.MergedRows} (the rows of several regions as one).
 *
 * <p>The path of a scan: a source per memtable and file of each series, which knows a lower bound
 * of its next time and comes closer to points only when the merge gets there; the sources of a
 * series merged, arrays handed on untouched where only one has points; the series' keys united and
 * their values laid beside them.
 *
 * <p>Invariants: memory is a page per series and overlapping source, never a series; of two points
 * at one time that of the later range wins; a count equals the rows a scan would show; what cannot
 * be read is an error, never left out.
 *
 * <p>Knows nothing of SQL, clients or other nodes.
 */
package io.sluice.datanode.read;
