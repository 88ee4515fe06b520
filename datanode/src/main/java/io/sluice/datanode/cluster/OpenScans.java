package io.sluice.datanode.cluster;

import io.sluice.common.rpc.ScanResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.read.RowBlocks;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.column.TsBlockSerde;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans that other nodes read block by block. Their number is bounded, and one that nobody asks for
 * is closed, since it pins files. Thread-safe.
 */
final class OpenScans implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenScans.class);

  /** Blocks above this are sent in halves, well below the frame limit. */
  private static final long BLOCK_BYTES_MAX = 16L << 20;

  private final int scansMax;
  private final long idleMsMax;
  private final MonotonicClock clock;
  private final ConcurrentMap<Long, OpenScan> scans = new ConcurrentHashMap<>();

  /** First id at random: a scan of this node's former life is not taken for one of now. */
  private final AtomicLong nextId =
      new AtomicLong(ThreadLocalRandom.current().nextLong(Long.MAX_VALUE / 2));

  OpenScans(int scansMax, long idleMsMax, MonotonicClock clock) {
    this.scansMax = scansMax;
    this.idleMsMax = idleMsMax;
    this.clock = clock;
  }

  /** Guarded by itself. */
  private static final class OpenScan {
    private final RowBlocks rows;
    private final Deque<TsBlock> parts = new ArrayDeque<>();
    private long usedAtMs;

    private OpenScan(RowBlocks rows, long nowMs) {
      this.rows = rows;
      this.usedAtMs = nowMs;
    }

    private TsBlock next() throws StatusException {
      if (parts.isEmpty()) {
        TsBlock block = rows.next();
        if (block == null) {
          return null;
        }
        parts.push(block);
      }
      while (parts.peek().getSizeInBytes() > BLOCK_BYTES_MAX
          && parts.peek().getPositionCount() > 1) {
        TsBlock large = parts.pop();
        int half = large.getPositionCount() / 2;
        parts.push(large.getRegion(half, large.getPositionCount() - half));
        parts.push(large.getRegion(0, half));
      }
      return parts.pop();
    }
  }

  /** Takes over {@code rows} and answers its first block. */
  ScanResp open(RowBlocks rows) throws StatusException {
    OpenScan scan = new OpenScan(rows, clock.nowMs());
    if (scans.size() >= scansMax) {
      rows.close();
      throw new StatusException(
          StatusCode.EXECUTE_ERROR,
          "This DataNode serves " + scansMax + " scans of other nodes already");
    }
    long id = nextId.incrementAndGet();
    scans.put(id, scan);
    return next(id);
  }

  /**
   * The next block; with the last answer the scan is closed and its id left out.
   *
   * @throws StatusException code 714 when there is no such scan (any more)
   */
  ScanResp next(long id) throws StatusException {
    OpenScan scan = scans.get(id);
    if (scan == null) {
      throw gone(id);
    }
    synchronized (scan) {
      if (!scans.containsKey(id)) {
        throw gone(id);
      }
      boolean more = false;
      try {
        TsBlock block = scan.next();
        scan.usedAtMs = clock.nowMs();
        if (block == null) {
          return new ScanResp(RegionMessages.OK);
        }
        ScanResp answer =
            new ScanResp(RegionMessages.OK)
                .setScanId(id)
                .setBlock(new TsBlockSerde().serialize(block));
        more = true;
        return answer;
      } catch (IOException e) {
        throw new StatusException(StatusCode.INTERNAL_ERROR, "Cannot serialize a block: " + e, e);
      } finally {
        if (!more) {
          remove(id, scan);
        }
      }
    }
  }

  void close(long id) {
    OpenScan scan = scans.get(id);
    if (scan != null) {
      synchronized (scan) {
        remove(id, scan);
      }
    }
  }

  /** Closes the scans nobody has asked for in a while. */
  void closeIdle() {
    for (Map.Entry<Long, OpenScan> entry : scans.entrySet()) {
      OpenScan scan = entry.getValue();
      synchronized (scan) {
        if (clock.nowMs() - scan.usedAtMs >= idleMsMax) {
          LOG.info("Closed scan {} of another node: idle for {} ms", entry.getKey(), idleMsMax);
          remove(entry.getKey(), scan);
        }
      }
    }
  }

  int size() {
    return scans.size();
  }

  private void remove(long id, OpenScan scan) {
    if (scans.remove(id, scan)) {
      scan.rows.close();
    }
  }

  private static StatusException gone(long id) {
    return new StatusException(
        StatusCode.NO_SUCH_QUERY,
        "Scan " + id + " is closed (idle too long, or its node restarted)");
  }

  @Override
  public void close() {
    scans.keySet().forEach(this::close);
  }
}
