package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A region wherever the catalog says it is. When it is not there (it moved, is being made, or has
 * no leader yet) the catalog is fetched again and the call repeated for a bounded time; a node that
 * does not answer is reported at once.
 */
final class RoutedRegion implements RegionAccess {
  private final UUID id;
  private final RegionRoutes routes;

  RoutedRegion(UUID id, RegionRoutes routes) {
    this.id = id;
    this.routes = routes;
  }

  private interface Ask<T> {
    T of(Replica replica) throws StatusException;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public CompletableFuture<ApplyResult> propose(LogEntry entry) {
    return write(replica -> replica.propose(entry), replica -> replica.proposeNow(entry));
  }

  @Override
  public CompletableFuture<ApplyResult> flush() {
    return write(Replica::flush, Replica::flushNow);
  }

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns) throws StatusException {
    return ask(replica -> replica.series(patterns));
  }

  @Override
  public RowBlocks scan(ScanRequest request) throws StatusException {
    return ask(replica -> replica.scan(request));
  }

  @Override
  public long[] count(ScanRequest request) throws StatusException {
    return ask(replica -> replica.count(request));
  }

  @Override
  public SyncState syncState(Source source) throws StatusException {
    return ask(replica -> replica.syncState(source));
  }

  @Override
  public void stage(Path file, String stagedName) throws StatusException {
    ask(
        replica -> {
          replica.stage(file, stagedName);
          return null;
        });
  }

  private CompletableFuture<ApplyResult> write(
      Function<Replica, CompletableFuture<ApplyResult>> first,
      Function<Replica, ApplyResult> again) {
    CompletableFuture<ApplyResult> result;
    try {
      result = first.apply(routes.replica(id, 0));
    } catch (StatusException e) {
      result = CompletableFuture.completedFuture(unavailable(e));
    }
    return result.thenCompose(
        outcome ->
            moved(outcome) ? repeat(again, outcome) : CompletableFuture.completedFuture(outcome));
  }

  private CompletableFuture<ApplyResult> repeat(
      Function<Replica, ApplyResult> again, ApplyResult outcome) {
    try {
      return CompletableFuture.supplyAsync(() -> repeatNow(again), routes.executor());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(outcome);
    }
  }

  private ApplyResult repeatNow(Function<Replica, ApplyResult> again) {
    try {
      return ask(
          replica -> {
            ApplyResult result = again.apply(replica);
            if (moved(result)) {
              throw Replica.notHere(id);
            }
            return result;
          });
    } catch (StatusException e) {
      return unavailable(e);
    }
  }

  /** Asks the replicas in turn until one does not say that the region is not there. */
  private <T> T ask(Ask<T> ask) throws StatusException {
    MonotonicClock clock = routes.clock();
    long deadlineMs = clock.nowMs() + routes.options().movedMs();
    for (int attempt = 0; ; attempt++) {
      try {
        return ask.of(routes.replica(id, attempt));
      } catch (StatusException e) {
        if (e.code() != StatusCode.REGION_NOT_HERE) {
          throw e;
        }
        if (clock.nowMs() >= deadlineMs) {
          throw new StatusException(
              StatusCode.DISPATCH_ERROR,
              "Region " + id + " has no leader that answers; please try again later",
              e);
        }
        pauseAndRefresh();
      }
    }
  }

  private void pauseAndRefresh() throws StatusException {
    try {
      TimeUnit.MILLISECONDS.sleep(routes.options().pauseMs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StatusException(StatusCode.INTERNAL_ERROR, "interrupted", e);
    }
    routes.refreshCatalog(id);
  }

  private static boolean moved(ApplyResult result) {
    return result instanceof ApplyResult.Unavailable unavailable
        && unavailable.code() == StatusCode.REGION_NOT_HERE;
  }

  private static ApplyResult unavailable(StatusException e) {
    return new ApplyResult.Unavailable(e.code(), e.getMessage());
  }
}
