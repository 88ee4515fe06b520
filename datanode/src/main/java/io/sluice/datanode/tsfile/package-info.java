/**
 * Reading and writing Apache TsFiles: sealing points into one, cutting parts out of one, reading
 * chunks through caches. The only package that uses the TsFile library's file readers and writers.
 * Knows nothing of regions, logs or the network.
 */
package io.sluice.datanode.tsfile;
