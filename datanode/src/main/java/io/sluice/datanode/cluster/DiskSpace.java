package io.sluice.datanode.cluster;

import io.sluice.common.time.MonotonicClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this node still takes writes: it does not while the disk of its data folder is nearly
 * full, so that logs, manifests and seals under way still fit. Thread-safe.
 */
public final class DiskSpace {
  private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);

  /** Asking the file system for every row would cost more than the row. */
  private static final long CHECK_EVERY_MS = 500;

  private final FreeBytes source;
  private final long freeBytesMin;
  private final MonotonicClock clock;
  private long checkedAtMs = Long.MIN_VALUE;
  private volatile boolean readOnly;
  private volatile long freeBytes;

  /** What the file system says. */
  @FunctionalInterface
  public interface FreeBytes {
    long now() throws IOException;
  }

  /**
   * @param folder on the disk to watch
   * @param freeBytesMin with less than this left, the node is read-only
   */
  public DiskSpace(Path folder, long freeBytesMin, MonotonicClock clock) {
    this(() -> Files.getFileStore(folder).getUsableSpace(), freeBytesMin, clock);
  }

  DiskSpace(FreeBytes source, long freeBytesMin, MonotonicClock clock) {
    this.source = source;
    this.freeBytesMin = freeBytesMin;
    this.clock = clock;
  }

  /** True while too little is free. */
  public boolean readOnly() {
    checkSometimes();
    return readOnly;
  }

  /** As of half a second ago at most. */
  public long freeBytes() {
    checkSometimes();
    return freeBytes;
  }

  private synchronized void checkSometimes() {
    long nowMs = clock.nowMs();
    if (checkedAtMs != Long.MIN_VALUE && nowMs - checkedAtMs < CHECK_EVERY_MS) {
      return;
    }
    checkedAtMs = nowMs;
    try {
      long free = source.now();
      boolean full = free < freeBytesMin;
      if (full != readOnly) {
        LOG.warn("{} bytes free on the data disk: {}", free, full ? "read-only" : "writable again");
      }
      freeBytes = free;
      readOnly = full;
    } catch (IOException e) {
      LOG.warn("Cannot tell the free space of the data disk; read-only stays {}", readOnly, e);
    }
  }
}
