/**
 * The DataNode: holds regions, answers clients on 6667, runs a sender for each running pipe and
 * region it leads, and receives from other clusters' senders.
 *
 * <p>A row: client frame → {@code rpc} → {@code statement} → {@code cluster} (which region, where)
 * → {@code region} (log, memtable, file). A query: {@code statement} → {@code cluster} → {@code
 * read} → {@code tsfile}. A pipe's file: {@code region} → {@code pipe} → sync-sender → network →
 * sync-receiver → {@code pipe} → {@code region}.
 */
package io.sluice.datanode;
