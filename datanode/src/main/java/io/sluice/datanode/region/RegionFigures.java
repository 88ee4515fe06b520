package io.sluice.datanode.region;

/**
 * A replica in numbers, for metrics.
 *
 * @param memtableBytes open memtable and those being written
 * @param logBytes the Raft log on disk
 * @param files sealed ones, and those that came through a pipe and are not durable yet
 * @param fileBytes their bytes
 * @param ingestedPoints points applied from clients' writes since the start of the process
 */
public record RegionFigures(
    long memtableBytes, long logBytes, int files, long fileBytes, long ingestedPoints) {}
