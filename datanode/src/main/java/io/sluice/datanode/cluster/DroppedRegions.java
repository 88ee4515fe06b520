package io.sluice.datanode.cluster;

import io.sluice.common.rpc.PartRegionResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.entry.LogEntry;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Regions led here whose database is dropped: the drop goes into the region's log, behind all that
 * was written, and the pipes say when they are past it. Thread-safe.
 */
final class DroppedRegions {
  /** Shorter than a ConfigNode waits for the answer. */
  private static final long WRITE_MS_MAX = 8_000;

  private final RegionRoutes.Local local;
  private final PipeControl pipes;

  DroppedRegions(RegionRoutes.Local local, PipeControl pipes) {
    this.local = local;
    this.pipes = pipes;
  }

  /** See {@code partRegion} of cluster.thrift. */
  PartRegionResp part(UUID id) throws StatusException, ElsewhereException {
    Optional<Region> led = local.regions().find(id).filter(Region::leads);
    if (led.isEmpty()) {
      throw new LocalReplica(id, local).elsewhere();
    }
    Region region = led.get();
    if (region.droppedIndex() == 0) {
      drop(region);
    }
    if (region.durableIndex() < region.droppedIndex()) {
      region.sealSoon();
    }
    return new PartRegionResp(RegionMessages.OK)
        .setPassedPipes(pipes.past(id, region.droppedIndex()));
  }

  private static void drop(Region region) throws StatusException, ElsewhereException {
    ApplyResult result;
    try {
      result = region.propose(new LogEntry.DropDatabase()).get(WRITE_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new StatusException(
          StatusCode.WRITE_REJECTED, "region " + region.id() + " has not answered", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StatusException(StatusCode.WRITE_REJECTED, "this node is closing", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a region's answer is never exceptional", e);
    }
    if (result instanceof ApplyResult.Unavailable unavailable) {
      throw new StatusException(unavailable.code(), unavailable.message());
    } else if (!(result instanceof ApplyResult.Applied)) {
      throw new IllegalStateException("a drop is never refused: " + result);
    }
  }
}
