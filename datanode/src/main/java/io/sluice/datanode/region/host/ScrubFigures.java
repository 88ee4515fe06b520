package io.sluice.datanode.region.host;

/**
 * What a node's looks at its sealed files came to.
 *
 * @param files looked at since the process started
 * @param bytes read since then
 * @param damaged files known to be damaged now
 * @param repaired files had from another replica since the process started
 */
public record ScrubFigures(long files, long bytes, int damaged, long repaired) {}
