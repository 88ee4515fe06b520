package io.sluice.datanode.tsfile;

/** How the caches did since they were made; for metrics. */
public record ReadCacheStats(Part index, Part layouts, Part pages, long openFiles) {
  /**
   * @param bytes estimated heap in use
   */
  public record Part(long hits, long misses, long evictions, long bytes) {
    /** Hits per look-up, 1 before the first. */
    public double hitRate() {
      long lookups = hits + misses;
      return lookups == 0 ? 1 : (double) hits / lookups;
    }
  }
}
