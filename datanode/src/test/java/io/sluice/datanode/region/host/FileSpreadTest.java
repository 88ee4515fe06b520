package io.sluice.datanode.region.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A leader that has its peers stage files, with as many threads as one file needs. Bug put back and
 * seen here: a peer that is down tried on after a majority had the file.
 */
class FileSpreadTest {
  private static final int LIVING = 2;
  private static final int DOWN = 3;
  private static final long WAIT_MS = 20_000;

  private final ThreadPoolExecutor copies =
      new ThreadPoolExecutor(0, 2, 60, TimeUnit.SECONDS, new SynchronousQueue<>());
  private final FileSpread spread = new FileSpread(UUID.randomUUID(), new Peers(), copies);

  /** One of them is tried for as long as it is wanted. */
  private static final class Peers extends NoPeers {
    @Override
    public void stageAt(
        UUID region, int node, String name, long lengthBytes, int crc32c, BooleanSupplier wanted)
        throws IOException {
      if (node == LIVING) {
        return;
      }
      while (wanted.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
      }
      throw new IOException("DataNode " + node + " is down");
    }
  }

  @AfterEach
  void close() {
    copies.shutdownNow();
  }

  private static LogEntry.LoadFile file(int index) {
    return new LogEntry.LoadFile(
        new Source(new UUID(0, 1), new UUID(0, 2)),
        null,
        new AppliedRecord(1, 1, index),
        "piece-" + index + ".tsfile",
        10,
        0,
        List.of(),
        new TimeRange(1, 1));
  }

  private void awaitFree() {
    await().until(() -> copies.getActiveCount() == 0);
  }

  @Test
  void aPeerThatIsDownKeepsNoThreadFromTheNextFile() throws Exception {
    for (int index = 1; index <= 5; index++) {
      assertThat(spread.toMajority(file(index), List.of(DOWN, LIVING), WAIT_MS))
          .as("file %d", index)
          .isTrue();
      awaitFree();
    }
  }

  @Test
  void withoutAMajorityAFileIsNotProposed() throws Exception {
    assertThat(spread.toMajority(file(1), List.of(DOWN), 50)).isFalse();
    awaitFree();
    assertThat(spread.toMajority(file(2), List.of(), 50)).as("no others").isTrue();
  }
}
