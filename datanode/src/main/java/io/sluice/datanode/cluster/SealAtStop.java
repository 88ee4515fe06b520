package io.sluice.datanode.cluster;

import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.Region;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An orderly stop seals what the regions led here hold in memory, so that the next start has no
 * rows to replay. A convenience only: what is not sealed in time is in the log.
 */
public final class SealAtStop implements AutoCloseable {
  /** Well below the time after which a supervisor kills what it asked to end. */
  public static final Duration WAIT_MAX = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(SealAtStop.class);

  private final LocalRegions regions;
  private final Duration waitMax;

  /**
   * @param waitMax for all regions together; one without a majority of its replicas cannot seal
   */
  public SealAtStop(LocalRegions regions, Duration waitMax) {
    this.regions = regions;
    this.waitMax = waitMax;
  }

  /** Returns once all is sealed, or {@code waitMax} has passed; called once nobody writes here. */
  @Override
  public void close() throws InterruptedException {
    List<CompletableFuture<ApplyResult>> seals =
        regions.all().stream().filter(Region::leads).map(Region::flush).toList();
    try {
      CompletableFuture.allOf(seals.toArray(CompletableFuture[]::new))
          .get(waitMax.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.info(
          "not everything was sealed within {}; the next start reads it from the log", waitMax);
      return;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a seal completes with an answer, always", e);
    }
    for (CompletableFuture<ApplyResult> seal : seals) {
      if (!(seal.join() instanceof ApplyResult.Applied)) {
        LOG.info("a region was not sealed: {}; the next start reads its log", seal.join());
      }
    }
  }
}
