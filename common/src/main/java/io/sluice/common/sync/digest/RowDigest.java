package io.sluice.common.sync.digest;

/**
 * Stands for one row.
 *
 * @param hash the first eight bytes of the hash over it
 */
public record RowDigest(long time, long hash) {}
