package io.sluice.datanode.region.host;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.ApplyResult.Unavailable;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.store.MemoryBudget;
import io.sluice.datanode.region.store.RegionStore;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.ratis.protocol.RaftClientReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A replica's way into the log: lets an entry in, within the node's limits and while the replica
 * leads, and says what became of it. An entry whose outcome is not known here, because this replica
 * ceased to lead meanwhile, is Unavailable, though it may be committed yet. Thread-safe.
 */
final class Proposals {
  private static final Logger LOG = LoggerFactory.getLogger(Proposals.class);

  /** What an entry in flight costs besides its bytes. */
  private static final int IN_FLIGHT_OVERHEAD_BYTES = 1024;

  /** How long the others may take to stage a file. */
  private static final long STAGE_WAIT_MS = 60_000;

  private final UUID id;
  private final RegionOptions options;
  private final LeaderGate gate;
  private final Limits limits;
  private final FileSpread spread;
  private final Supplier<RegionStore> store;
  private final Executor answers;
  private final AtomicLong bytesSinceSeal = new AtomicLong();
  private volatile RaftGroupServer raft;
  private volatile boolean closed;

  /**
   * What all regions of the node share.
   *
   * @param memtables bytes of rows not yet in files
   * @param inFlight bytes of entries not yet applied
   */
  record Limits(MemoryBudget memtables, MemoryBudget inFlight) {}

  /**
   * @param answers runs what depends on a proposal's outcome
   */
  Proposals(
      UUID id,
      RegionOptions options,
      LeaderGate gate,
      Limits limits,
      FileSpread spread,
      Supplier<RegionStore> store,
      Executor answers) {
    this.id = id;
    this.options = options;
    this.gate = gate;
    this.limits = limits;
    this.spread = spread;
    this.store = store;
    this.answers = answers;
  }

  /** Before the group's server starts. */
  void attach(RaftGroupServer server) {
    raft = server;
  }

  void close() {
    closed = true;
  }

  /** Bytes let in since {@link #sealed}. */
  long bytesSinceSeal() {
    return bytesSinceSeal.get();
  }

  void sealed() {
    bytesSinceSeal.set(0);
  }

  /** See {@link io.sluice.datanode.region.Region#propose}. */
  CompletableFuture<ApplyResult> propose(LogEntry entry) {
    try {
      Unavailable no = admit(entry);
      if (no != null) {
        return CompletableFuture.completedFuture(no);
      }
      if (entry instanceof LogEntry.LoadFile load) {
        ApplyResult known = beforeLoading(load);
        if (known != null) {
          return CompletableFuture.completedFuture(known);
        }
      }
      return proposeWithin(entry, EntryEncoder.heapBytes(entry) + IN_FLIGHT_OVERHEAD_BYTES);
    } catch (StatusException e) {
      return CompletableFuture.completedFuture(new ApplyResult.Refused(e.code(), e.getMessage()));
    } catch (IOException e) {
      return CompletableFuture.completedFuture(
          new Unavailable(StatusCode.INTERNAL_ERROR, "region " + id + ": " + e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CompletableFuture.completedFuture(
          new Unavailable(StatusCode.WRITE_REJECTED, "interrupted while waiting to write"));
    }
  }

  private Unavailable admit(LogEntry entry) throws InterruptedException {
    if (!gate.await(options.writeWaitMs())) {
      return notHere();
    }
    boolean points = entry instanceof LogEntry.InsertTablet || entry instanceof LogEntry.InsertRows;
    if (points && !limits.memtables().awaitRoom(options.writeWaitMs())) {
      return new Unavailable(
          StatusCode.WRITE_REJECTED,
          "memory for rows not yet in files is used up ("
              + limits.memtables().usedBytes()
              + " bytes): try again later");
    }
    return null;
  }

  Unavailable notHere() {
    return new Unavailable(
        StatusCode.REGION_NOT_HERE,
        "region " + id + (closed ? " is closing" : " is not led by this node now"));
  }

  /** The entry must find its file when it is applied, on whichever replica: null when it will. */
  private ApplyResult beforeLoading(LogEntry.LoadFile load)
      throws IOException, InterruptedException {
    RegionStore here = store.get();
    if (load.set().equals(here.image().records().get(load.source()))) {
      return new Applied(here.image().index());
    }
    if (!here.staged(load)) {
      return new Unavailable(
          StatusCode.INTERNAL_ERROR,
          "staged file " + load.stagedName() + " is not here whole: stage it again");
    }
    return spread.toMajority(load, raft.others(id), STAGE_WAIT_MS)
        ? null
        : new Unavailable(
            StatusCode.INTERNAL_ERROR,
            "staged file "
                + load.stagedName()
                + " is not on a majority of the region's nodes: try again later");
  }

  /** Takes the entry's share of memory before anything is made of it. */
  private CompletableFuture<ApplyResult> proposeWithin(LogEntry entry, long heapBytes)
      throws InterruptedException, StatusException {
    if (!limits.inFlight().takeWhenRoom(heapBytes, options.writeWaitMs())) {
      return CompletableFuture.completedFuture(
          new Unavailable(StatusCode.WRITE_REJECTED, "too much is being written: try again later"));
    }
    CompletableFuture<ApplyResult> all;
    try {
      all = submitAll(EntryEncoder.prepare(entry));
    } catch (StatusException | RuntimeException e) {
      limits.inFlight().giveBack(heapBytes);
      throw e;
    }
    return all.whenComplete((result, failure) -> limits.inFlight().giveBack(heapBytes))
        .thenApplyAsync(result -> result, answers);
  }

  private CompletableFuture<ApplyResult> submitAll(List<EntryEncoder.Prepared> parts) {
    CompletableFuture<ApplyResult> all = null;
    for (EntryEncoder.Prepared part : parts) {
      bytesSinceSeal.addAndGet(part.bytes());
      CompletableFuture<ApplyResult> next = submit(part.message());
      all = all == null ? next : all.thenCombine(next, Proposals::together);
    }
    return all;
  }

  /** The whole is applied when all parts are; else the first that is not speaks for it. */
  private static ApplyResult together(ApplyResult first, ApplyResult second) {
    return first instanceof Applied ? second : first;
  }

  /** An entry of the replica's own: past gate and limits. */
  CompletableFuture<ApplyResult> submit(LogEntry entry) {
    try {
      return submit(EntryEncoder.prepare(entry).get(0).message());
    } catch (StatusException e) {
      return CompletableFuture.completedFuture(new ApplyResult.Refused(e.code(), e.getMessage()));
    }
  }

  private CompletableFuture<ApplyResult> submit(EncodedEntry message) {
    return raft.submit(id, message).handle(this::outcome);
  }

  /** Applied means: committed, and applied here. Whatever else Raft says leaves it open. */
  private ApplyResult outcome(RaftClientReply reply, Throwable failure) {
    if (failure == null
        && reply.isSuccess()
        && reply.getMessage() instanceof ResultMessage message) {
      return message.result();
    }
    Object cause = failure != null ? failure : reply.getException();
    LOG.debug("Region {}: an entry was not taken: {}", id, cause);
    return notHere();
  }

  /** See {@link io.sluice.datanode.region.Region#readBarrier}. */
  CompletableFuture<ApplyResult> readBarrier() {
    if (!gate.isOpen()) {
      return CompletableFuture.completedFuture(notHere());
    }
    if (raft.others(id).isEmpty()) {
      return CompletableFuture.completedFuture(new Applied(store.get().image().index()));
    }
    return raft.confirmLeader(id).handleAsync(this::confirmed, answers);
  }

  private ApplyResult confirmed(RaftClientReply reply, Throwable failure) {
    if (failure == null && reply.isSuccess() && gate.isOpen()) {
      return new Applied(store.get().image().index());
    }
    LOG.debug("Region {}: not sure to lead", id, failure);
    return notHere();
  }
}
