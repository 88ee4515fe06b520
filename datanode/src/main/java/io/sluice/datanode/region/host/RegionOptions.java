package io.sluice.datanode.region.host;

/**
 * When a region seals, and what its node allows it.
 *
 * @param sealBytes an open memtable of this many bytes is sealed
 * @param sealAgeMs an open memtable is sealed this long after its first row
 * @param sealSoonMs after {@link io.sluice.datanode.region.Region#sealSoon}, at the latest this
 *     much later
 * @param memtableBytesMax memtables of all regions of this node together; at this limit writers
 *     wait, then are refused
 * @param inFlightBytesMax bytes of proposed entries not yet applied, all regions together; likewise
 * @param writeWaitMs how long a writer waits at a limit, or for a leader, before it is refused
 * @param keptLogBytesMax log behind the manifest that stays for members that are behind; who is
 *     further behind copies the region instead
 * @param retiredLogBytes seals at this many bytes of log since the last one, whatever they hold
 */
public record RegionOptions(
    long sealBytes,
    long sealAgeMs,
    long sealSoonMs,
    long memtableBytesMax,
    long inFlightBytesMax,
    long writeWaitMs,
    long retiredLogBytes,
    long keptLogBytesMax) {

  /** For a heap of 256 MB and more. */
  public static final RegionOptions DEFAULT =
      new RegionOptions(32L << 20, 600_000, 300, 96L << 20, 32L << 20, 5_000, 64L << 20, 64L << 20);
}
