package io.sluice.sim.sync;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.datanode.cluster.HeldPart;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.digest.DigestAnswer;
import io.sluice.datanode.digest.DigestQuery;
import io.sluice.datanode.mend.BroughtRows;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Unavailable;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.sim.sync.disk.SimDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A region as one node of its cluster reaches it: calls to its leader, which may go wrong. */
final class TargetAccess implements RegionAccess {
  private static final long LATE_MS_MAX = 12_000;

  private final ReceivingCluster cluster;
  private final ReceivingNode node;
  private final UUID id;

  TargetAccess(ReceivingCluster cluster, ReceivingNode node, UUID id) {
    this.cluster = cluster;
    this.node = node;
    this.id = id;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public SyncState syncState(Source source) throws StatusException {
    block();
    ReceivingRegion region = cluster.reach(id);
    return new SyncState(region.record(source), region.image().ledgers().get(source));
  }

  /** The caller waits for the leader's answer, while the rest of the world goes on. */
  private void block() {
    node.effect();
    if (cluster.world.strikes(SyncFault.TARGET_SLOW, 0.05)) {
      node.waitFor(cluster.world.between(1, 1_500));
    }
  }

  @Override
  public void stage(Path file, String stagedName) throws StatusException {
    node.effect();
    cluster.stage(id, stagedName, ((SimDisk) file.getFileSystem().provider()).file(file));
  }

  @Override
  public CompletableFuture<ApplyResult> propose(LogEntry entry) {
    boolean waits = entry instanceof LogEntry.WriteLedger || entry instanceof LogEntry.ForgetSource;
    return waits ? CompletableFuture.completedFuture(decided(entry)) : proposed(entry);
  }

  /** A write the caller waits for. */
  private ApplyResult decided(LogEntry entry) {
    block();
    Proposal proposal = cluster.propose(id, entry);
    if (cluster.world.strikes(SyncFault.PROPOSAL_LOST, 0.02)) {
      return unavailable();
    }
    if (cluster.world.strikes(SyncFault.PROPOSAL_LATE, 0.02)) {
      cluster.world.after(cluster.world.between(1, LATE_MS_MAX), proposal::apply);
      return unavailable();
    }
    ApplyResult result = proposal.apply();
    node.effect();
    return cluster.world.strikes(SyncFault.RESPONSE_LOST_AFTER_APPLY, 0.02)
        ? unavailable()
        : result;
  }

  private CompletableFuture<ApplyResult> proposed(LogEntry entry) {
    node.effect();
    CompletableFuture<ApplyResult> answer = new CompletableFuture<>();
    Proposal proposal = cluster.propose(id, entry);
    long delayMs = cluster.world.between(1, 30);
    if (cluster.world.strikes(SyncFault.PROPOSAL_LOST, 0.03)) {
      answerLater(answer, delayMs, unavailable());
      return answer;
    }
    if (cluster.world.strikes(SyncFault.PROPOSAL_LATE, 0.04)) {
      cluster.world.after(cluster.world.between(50, LATE_MS_MAX), proposal::apply);
      answerLater(answer, delayMs, unavailable());
      return answer;
    }
    if (cluster.world.strikes(SyncFault.PROPOSAL_TWICE, 0.05)) {
      cluster.world.after(cluster.world.between(1, LATE_MS_MAX), proposal::apply);
    }
    boolean lost = cluster.world.strikes(SyncFault.RESPONSE_LOST_AFTER_APPLY, 0.03);
    cluster.world.after(
        delayMs,
        () -> {
          ApplyResult result = proposal.apply();
          answerLater(answer, cluster.world.between(1, 10), lost ? unavailable() : result);
        });
    return answer;
  }

  private void answerLater(
      CompletableFuture<ApplyResult> answer, long delayMs, ApplyResult result) {
    node.after(delayMs, () -> answer.complete(result));
  }

  private static ApplyResult unavailable() {
    return new Unavailable(StatusCode.PIPE_ERROR, "not known");
  }

  /** An entry on its way into a region's log; may get there twice, or after others. */
  record Proposal(ReceivingCluster cluster, UUID region, LogEntry entry, long number, long age) {
    ApplyResult apply() {
      return cluster.apply(this);
    }
  }

  // ---------------------------------------------------------------- not asked for

  @Override
  public List<SeriesInfo> series(List<PathPattern> patterns) {
    throw new UnsupportedOperationException();
  }

  @Override
  public RowBlocks scan(ScanRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long[] count(ScanRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletableFuture<ApplyResult> flush() {
    throw new UnsupportedOperationException();
  }

  @Override
  public DigestAnswer digest(DigestQuery query) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<RottenFile> rotten(UUID origin) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Mended mend(BroughtRows brought) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<HeldPart> quarantine(long pipeNumber) {
    throw new UnsupportedOperationException();
  }
}
