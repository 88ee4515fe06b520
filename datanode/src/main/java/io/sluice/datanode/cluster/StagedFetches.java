package io.sluice.datanode.cluster;

import io.sluice.common.rpc.LoadFileRef;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.Region;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of LoadFile entries on their way from another node into a region's staging folder. Few at a
 * time; one that is asked for again meanwhile is fetched once from each node. Thread-safe.
 */
final class StagedFetches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StagedFetches.class);
  private static final int THREADS = 4;
  private static final int QUEUED_MAX = 64;

  /** Who said that it has the file and gives nothing for so long has gone. */
  private static final long PATIENCE_MS = 10_000;

  private final PeerReplicas peers;
  private final long waitMs;
  private final Map<Copy, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor executor;

  /** A leader that succeeds one that died does not wait for what that one began. */
  private record Copy(LoadFileRef file, int fromNode) {}

  /**
   * @param waitMs how long a caller waits before it is told to ask again
   */
  StagedFetches(PeerReplicas peers, long waitMs) {
    this.peers = peers;
    this.waitMs = waitMs;
    AtomicInteger counter = new AtomicInteger();
    this.executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUED_MAX),
            task -> {
              Thread thread = new Thread(task, "staging-" + counter.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * On return the file is in the region's staging folder, durable.
   *
   * @param fromNode has it
   * @throws StatusException code 1193 while it is on its way; others when it cannot be had
   */
  void fetch(Region region, LoadFileRef file, int fromNode) throws StatusException {
    if (!StagedName.legal(file.getStagedName())) {
      throw new IllegalArgumentException("not a name for a staged file");
    }
    Copy key = new Copy(new LoadFileRef(file), fromNode);
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> before = underWay.putIfAbsent(key, mine);
    if (before == null) {
      begin(region, key, mine);
    }
    await(file, before == null ? mine : before);
  }

  private void await(LoadFileRef file, CompletableFuture<Void> fetching) throws StatusException {
    try {
      fetching.get(waitMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new StatusException(
          StatusCode.STILL_WORKING, file.getStagedName() + " is on its way", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StatusException(StatusCode.WRITE_REJECTED, "This DataNode is closing", e);
    } catch (ExecutionException e) {
      throw new StatusException(
          StatusCode.INTERNAL_ERROR,
          file.getStagedName() + " could not be had: " + e.getCause().getMessage(),
          e);
    }
  }

  private void begin(Region region, Copy copy, CompletableFuture<Void> fetching) {
    try {
      executor.execute(() -> run(region, copy, fetching));
    } catch (RejectedExecutionException e) {
      underWay.remove(copy, fetching);
      fetching.completeExceptionally(
          new IOException(QUEUED_MAX + " files are on their way already", e));
    }
  }

  private void run(Region region, Copy copy, CompletableFuture<Void> fetching) {
    LoadFileRef file = copy.file();
    String name = file.getStagedName();
    try {
      if (region.loadFile(name, file.getLengthBytes(), file.getCrc32c()).isEmpty()) {
        new StagingFolder(region.stagingFolder())
            .receive(
                name,
                target ->
                    peers.copyLoadFile(
                        UUID.fromString(file.getRegion()),
                        copy.fromNode(),
                        name,
                        file.getLengthBytes(),
                        file.getCrc32c(),
                        target,
                        PATIENCE_MS));
      }
      underWay.remove(copy, fetching);
      fetching.complete(null);
    } catch (IOException | RuntimeException e) {
      LOG.warn(
          "Region {}: {} could not be had from DataNode {}", region.id(), name, copy.fromNode(), e);
      underWay.remove(copy, fetching);
      fetching.completeExceptionally(e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
