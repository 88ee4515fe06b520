package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.rpc.LoadFileRef;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.Patience;
import io.sluice.datanode.region.NoPeers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagedFetchesTest {
  private static final byte[] CONTENT = {1, 2, 3};

  @TempDir Path folder;

  private LoadFileRef file(FakeRegion region) throws IOException {
    Path same = Files.write(folder.resolve("same"), CONTENT);
    return new LoadFileRef(
        region.id.toString(), "piece", CONTENT.length, DurableFiles.crc32c(same));
  }

  private FakeRegion region() {
    return new FakeRegion(UUID.randomUUID(), "root.v", folder.resolve("staging"));
  }

  private static void assertStillWorking(
      StagedFetches fetches, FakeRegion region, LoadFileRef file) {
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> fetches.fetch(region, file, 2))
        .satisfies(e -> assertThat(e.code()).isEqualTo(StatusCode.STILL_WORKING));
  }

  private static void awaitFetched(
      StagedFetches fetches, FakeRegion region, LoadFileRef file, int fromNode) {
    Patience.await()
        .ignoreException(StatusException.class)
        .until(
            () -> {
              fetches.fetch(region, file, fromNode);
              return true;
            });
  }

  @Test
  void whoAsksAgainWhileItIsOnItsWayDoesNotBeginItAnew() throws Exception {
    SlowPeers peers = new SlowPeers();
    FakeRegion region = region();
    LoadFileRef file = file(region);
    try (StagedFetches fetches = new StagedFetches(peers, 20)) {
      for (int i = 0; i < 3; i++) {
        assertStillWorking(fetches, region, file);
      }
      peers.goOn.countDown();
      awaitFetched(fetches, region, file, 2);
      assertThat(peers.copies).hasValue(1);
      assertThat(region.staging.resolve("piece")).hasBinaryContent(CONTENT);
    }
  }

  @Test
  void whatFailedMayBeTriedAgain() throws Exception {
    FakeRegion region = region();
    LoadFileRef file = file(region);
    try (StagedFetches fetches = new StagedFetches(new NoPeers(), 5_000)) {
      for (int i = 0; i < 2; i++) {
        assertThatExceptionOfType(StatusException.class)
            .isThrownBy(() -> fetches.fetch(region, file, 2))
            .withMessageContaining("cannot be reached");
      }
    }
    try (var names = Files.list(region.staging)) {
      assertThat(names).isEmpty();
    }
  }

  /** Bug put back and seen: the next leader waited for what its dead predecessor had begun. */
  @Test
  void anotherNodesFileIsNotWaitedForThroughOneThatGivesNothing() throws Exception {
    SlowPeers peers = new SlowPeers();
    FakeRegion region = region();
    LoadFileRef file = file(region);
    try (StagedFetches fetches = new StagedFetches(peers, 20)) {
      assertStillWorking(fetches, region, file);
      peers.quick = 3;
      awaitFetched(fetches, region, file, 3);
      assertThat(region.staging.resolve("piece")).hasBinaryContent(CONTENT);
    }
  }

  private static final class SlowPeers extends NoPeers {
    /** A node that gives at once. */
    volatile int quick = -1;

    final CountDownLatch goOn = new CountDownLatch(1);
    final AtomicInteger copies = new AtomicInteger();

    @Override
    public void copyLoadFile(
        UUID region,
        int fromNode,
        String stagedName,
        long lengthBytes,
        int crc32c,
        Path target,
        long patienceMs)
        throws IOException {
      copies.incrementAndGet();
      try {
        if (fromNode != quick) {
          goOn.await();
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      Files.write(target, CONTENT);
    }
  }
}
