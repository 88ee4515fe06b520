/**
 * From a {@link io.sluice.datanode.region.RegionView} to rows: merges memtables and TsFile chunks
 * of each series by time and order of end index, leaves out what deletions hide, and lines series
 * up into blocks. Knows nothing of SQL, clients or other nodes.
 */
package io.sluice.datanode.read;
