package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.mend.BroughtRows;
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
import java.util.function.Function;

/**
 * A region wherever it is led now. When the node that led it last does not (any more), or does not
 * answer while others hold the region too, the others are asked, and the catalog is fetched again,
 * for a bounded time.
 */
final class RoutedRegion implements RegionAccess {
  private final UUID id;
  private final RegionRoutes routes;

  RoutedRegion(UUID id, RegionRoutes routes) {
    this.id = id;
    this.routes = routes;
  }

  interface Ask<T> {
    T of(Replica replica) throws StatusException, ElsewhereException;

    /** After an attempt of which it is not known whether it took effect. */
    default T again(Replica replica) throws StatusException, ElsewhereException {
      return of(replica);
    }
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public CompletableFuture<ApplyResult> propose(LogEntry entry) {
    return write(
        replica -> replica.proposeLater(entry),
        entry instanceof LogEntry.CreateSeries create
            ? new CreateOnce(create)
            : replica -> replica.propose(entry));
  }

  @Override
  public CompletableFuture<ApplyResult> flush() {
    return write(LocalReplica::flushLater, Replica::flush);
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
  public List<HeldPart> quarantine(long pipeNumber) throws StatusException {
    return ask(replica -> replica.quarantine(pipeNumber));
  }

  @Override
  public DigestAnswer digest(DigestQuery query) throws StatusException {
    return ask(replica -> replica.digest(query));
  }

  @Override
  public List<RottenFile> rotten(UUID origin) throws StatusException {
    return ask(replica -> replica.rotten(origin));
  }

  @Override
  public Mended mend(BroughtRows brought) throws StatusException {
    return ask(replica -> replica.mend(brought));
  }

  @Override
  public void stage(Path file, String stagedName) throws StatusException {
    ask(
        replica -> {
          replica.stage(file, stagedName);
          return null;
        });
  }

  /** At this node without a thread of its own while it leads; else on a thread that may wait. */
  private CompletableFuture<ApplyResult> write(
      Function<LocalReplica, CompletableFuture<ApplyResult>> here, Ask<ApplyResult> anywhere) {
    if (!routes.ledHere(id)) {
      return later(anywhere, false);
    }
    return here.apply(routes.local(id))
        .thenCompose(
            result ->
                LocalReplica.moved(result)
                    ? later(anywhere, true)
                    : CompletableFuture.completedFuture(result));
  }

  private CompletableFuture<ApplyResult> later(Ask<ApplyResult> anywhere, boolean again) {
    try {
      return CompletableFuture.supplyAsync(() -> now(anywhere, again), routes.executor());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(
          new ApplyResult.Unavailable(
              StatusCode.WRITE_REJECTED, "Too many writes to other DataNodes are under way"));
    }
  }

  private ApplyResult now(Ask<ApplyResult> anywhere, boolean again) {
    try {
      return ask(anywhere, again);
    } catch (StatusException e) {
      return new ApplyResult.Unavailable(e.code(), e.getMessage());
    }
  }

  private <T> T ask(Ask<T> ask) throws StatusException {
    return ask(ask, false);
  }

  /**
   * Asks one node after the other until one does it.
   *
   * @param tried whether an attempt before may have taken effect
   */
  private <T> T ask(Ask<T> ask, boolean tried) throws StatusException {
    boolean again = tried;
    LeaderSearch search = new LeaderSearch(id, routes);
    while (true) {
      LeaderSearch.Candidate candidate = search.next();
      try {
        T answer = again ? ask.again(candidate.replica()) : ask.of(candidate.replica());
        routes.leads(id, candidate.nodeId());
        return answer;
      } catch (ElsewhereException e) {
        again |= e.unanswered();
        search.failed(candidate, e);
      }
    }
  }
}
