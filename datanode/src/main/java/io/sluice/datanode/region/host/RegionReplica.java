package io.sluice.datanode.region.host;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.ApplyResult.Unavailable;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionFigures;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.ReplicaState;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.store.MemoryBudget;
import io.sluice.datanode.region.store.RegionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.RaftClientReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A region's store behind its Raft group: proposes, leads, seals. */
final class RegionReplica implements Region, RegionStateMachine.Leadership {
  private static final Logger LOG = LoggerFactory.getLogger(RegionReplica.class);

  /** What an entry in flight costs besides its bytes. */
  private static final int IN_FLIGHT_OVERHEAD_BYTES = 1024;

  /** Unless memory is used up, a smaller memtable is not written out for others' sake. */
  private static final long WORTH_A_FILE_BYTES = 1 << 20;

  private final RegionStore store;
  private final RegionOptions options;
  private final Threads threads;
  private final MemoryBudget memtables;
  private final MemoryBudget inFlight;
  private final LeaderGate gate = new LeaderGate();
  private final DurableWaits durableWaits = new DurableWaits();
  private final SealTimer sealTimer;
  private final AtomicLong logBytesSinceSeal = new AtomicLong();
  private volatile RaftGroupServer raft;
  private volatile boolean closed;
  private final AtomicBoolean stopping = new AtomicBoolean();

  /**
   * The host's threads.
   *
   * @param chores short work that may wait for the log, never for the flusher
   * @param flusher one at a time
   * @param answers runs what depends on a proposal's outcome
   */
  record Threads(Executor chores, Executor flusher, Executor answers) {}

  RegionReplica(
      RegionStore store,
      RegionOptions options,
      Threads threads,
      MemoryBudget memtables,
      MemoryBudget inFlight) {
    this.store = store;
    this.options = options;
    this.threads = threads;
    this.memtables = memtables;
    this.inFlight = inFlight;
    this.sealTimer = new SealTimer(options);
    durableWaits.advance(store.durable().index());
  }

  /** Before the group's server starts. */
  void attach(RaftGroupServer server) {
    raft = server;
    store.onAdvance(() -> durableWaits.advance(store.durable().index()));
  }

  RegionStore store() {
    return store;
  }

  LeaderGate gate() {
    return gate;
  }

  // ---------------------------------------------------------------- leading

  @Override
  public void ready() {
    execute(threads.chores(), this::begin);
  }

  @Override
  public void lost() {
    gate.shut();
  }

  /** Ratis would keep whoever waits for an entry waiting: the group ends instead. */
  @Override
  public void logFailed() {
    gate.shut();
    if (stopping.compareAndSet(false, true)) {
      Thread stop = new Thread(this::stopGroup, "region-stop-" + id());
      stop.setDaemon(true);
      stop.start();
    }
  }

  private void stopGroup() {
    try {
      raft.stop(id());
    } catch (IOException e) {
      LOG.warn("Region {}: its group could not be stopped", id(), e);
    }
  }

  /** First act of a leader: its number stands in the log before anything else it proposes. */
  private void begin() {
    try {
      store.goLive();
    } catch (IOException e) {
      LOG.warn("Region {}: leftovers in the staging folder stay", id(), e);
    }
    long number = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    submit(new LogEntry.NewLeader(number))
        .whenComplete(
            (result, failure) -> {
              if (result instanceof Applied) {
                gate.open();
              } else {
                LOG.warn("Region {}: does not lead after all: {}", id(), result);
              }
            });
  }

  @Override
  public boolean leads() {
    return gate.isOpen();
  }

  @Override
  public OptionalInt leader() {
    return raft.leader(id());
  }

  @Override
  public CompletableFuture<ApplyResult> readBarrier() {
    return CompletableFuture.completedFuture(
        leads() ? new Applied(store.image().index()) : notHere());
  }

  @Override
  public ReplicaState state() {
    RaftGroupServer.Seen seen = raft.seen(id());
    return new ReplicaState(
        id(),
        leads(),
        seen.term(),
        seen.running(),
        seen.members(),
        Math.max(0, store.image().index()),
        durableIndex());
  }

  // ---------------------------------------------------------------- proposing

  @Override
  public CompletableFuture<ApplyResult> propose(LogEntry entry) {
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
          new Unavailable(StatusCode.INTERNAL_ERROR, "region " + id() + ": " + e));
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
    if (points && !memtables.awaitRoom(options.writeWaitMs())) {
      return new Unavailable(
          StatusCode.WRITE_REJECTED,
          "memory for rows not yet in files is used up ("
              + memtables.usedBytes()
              + " bytes): try again later");
    }
    return null;
  }

  private Unavailable notHere() {
    return new Unavailable(
        StatusCode.REGION_NOT_HERE,
        "region " + id() + (closed ? " is closing" : " is not led by this node now"));
  }

  /** The entry must find its file when it is applied: null when it will. */
  private ApplyResult beforeLoading(LogEntry.LoadFile load) throws IOException {
    if (load.set().equals(record(load.source()))) {
      return new Applied(store.image().index());
    }
    return store.staged(load)
        ? null
        : new Unavailable(
            StatusCode.INTERNAL_ERROR,
            "staged file " + load.stagedName() + " is not here whole: stage it again");
  }

  /** Takes the entry's share of memory before anything is made of it. */
  private CompletableFuture<ApplyResult> proposeWithin(LogEntry entry, long heapBytes)
      throws InterruptedException, StatusException {
    if (!inFlight.takeWhenRoom(heapBytes, options.writeWaitMs())) {
      return CompletableFuture.completedFuture(
          new Unavailable(StatusCode.WRITE_REJECTED, "too much is being written: try again later"));
    }
    CompletableFuture<ApplyResult> all;
    try {
      all = submitAll(EntryEncoder.prepare(entry));
    } catch (StatusException | RuntimeException e) {
      inFlight.giveBack(heapBytes);
      throw e;
    }
    return all.whenComplete((result, failure) -> inFlight.giveBack(heapBytes))
        .thenApplyAsync(result -> result, threads.answers());
  }

  private CompletableFuture<ApplyResult> submitAll(List<EntryEncoder.Prepared> parts) {
    CompletableFuture<ApplyResult> all = null;
    for (EntryEncoder.Prepared part : parts) {
      logBytesSinceSeal.addAndGet(part.bytes());
      CompletableFuture<ApplyResult> next = submit(part.message());
      all = all == null ? next : all.thenCombine(next, RegionReplica::together);
    }
    return all;
  }

  /** The whole is applied when all parts are; else the first that is not speaks for it. */
  private static ApplyResult together(ApplyResult first, ApplyResult second) {
    return first instanceof Applied ? second : first;
  }

  private CompletableFuture<ApplyResult> submit(LogEntry entry) {
    try {
      return submit(EntryEncoder.prepare(entry).get(0).message());
    } catch (StatusException e) {
      return CompletableFuture.completedFuture(new ApplyResult.Refused(e.code(), e.getMessage()));
    }
  }

  private CompletableFuture<ApplyResult> submit(EncodedEntry message) {
    return raft.submit(id(), message).handle(this::outcome);
  }

  private ApplyResult outcome(RaftClientReply reply, Throwable failure) {
    if (failure == null
        && reply.isSuccess()
        && reply.getMessage() instanceof ResultMessage message) {
      return message.result();
    }
    Object cause = failure != null ? failure : reply.getException();
    LOG.debug("Region {}: an entry was not taken: {}", id(), cause);
    return notHere();
  }

  // ---------------------------------------------------------------- sealing

  @Override
  public CompletableFuture<ApplyResult> flush() {
    RegionStore.Unsealed unsealed = store.unsealed();
    if (!unsealed.data()) {
      return answered(durableWaits.reached(unsealed.after()));
    }
    if (!leads()) {
      return CompletableFuture.completedFuture(notHere());
    }
    return answered(
        submit(new LogEntry.Seal())
            .thenCompose(
                result ->
                    result instanceof Applied applied
                        ? durableWaits.reached(applied.index())
                        : CompletableFuture.completedFuture(result)));
  }

  private CompletableFuture<ApplyResult> answered(CompletableFuture<ApplyResult> future) {
    return future.thenApplyAsync(result -> result, threads.answers());
  }

  @Override
  public void sealSoon() {
    sealTimer.soon();
  }

  /** Now and then, on the chores thread: proposes a seal when it is time for one. */
  void tick(long nowMs) {
    if (!leads()) {
      return;
    }
    boolean due = sealTimer.due(nowMs, store.unsealed(), logBytesSinceSeal.get(), pressureBytes());
    if (due) {
      logBytesSinceSeal.set(0);
      submit(new LogEntry.Seal()).whenComplete((result, failure) -> sealTimer.sealed());
    }
  }

  /** Size from which a memtable is to go early because this node's memory is short. */
  private long pressureBytes() {
    if (memtables.full()) {
      return 1;
    }
    return memtables.tight() ? WORTH_A_FILE_BYTES : Long.MAX_VALUE;
  }

  /** After an entry that may have closed a range. */
  void rangeClosed() {
    if (store.flushWaits()) {
      execute(threads.flusher(), this::flushWaiting);
    }
  }

  /** Makes closed ranges durable, oldest first. When one fails the host tries again later. */
  void flushWaiting() {
    try {
      boolean advanced = false;
      while (store.flushNext()) {
        advanced = true;
      }
      if (advanced) {
        raft.followManifest(id());
      }
      sealTimer.flushed();
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        sealTimer.flushFailed();
        LOG.warn("Region {}: a flush failed and will be tried again", id(), e);
      }
    }
  }

  boolean flushRetryDue(long nowMs) {
    return sealTimer.retryDue(nowMs);
  }

  private static void execute(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("The host is closing", e);
    }
  }

  // ---------------------------------------------------------------- reading

  @Override
  public UUID id() {
    return store.identity().regionId();
  }

  @Override
  public String database() {
    return store.identity().database();
  }

  @Override
  public RegionView view() {
    return store.view();
  }

  @Override
  public AppliedRecord record(Source source) {
    return store.image().records().get(source);
  }

  @Override
  public Ledger ledger(Source source) {
    return store.image().ledgers().get(source);
  }

  @Override
  public List<Ledger> ledgers() {
    return List.copyOf(store.image().ledgers().values());
  }

  @Override
  public Set<Source> sources() {
    return Set.copyOf(store.image().records().keySet());
  }

  @Override
  public Lineage lineage() {
    return store.image().lineage();
  }

  @Override
  public Optional<SealedFile> firstSealedAfter(long index) {
    return store.firstSealedAfter(index);
  }

  @Override
  public long lastDataIndex() {
    return store.image().lastDataIndex();
  }

  @Override
  public long durableIndex() {
    return Math.max(0, store.durable().index());
  }

  @Override
  public void onAdvance(Runnable listener) {
    store.onAdvance(listener);
  }

  @Override
  public Path stagingFolder() {
    return store.folder().staging();
  }

  @Override
  public RegionFigures figures() {
    long fileBytes = 0;
    List<SealedFile> files = store.durable().files();
    for (SealedFile file : files) {
      fileBytes += file.lengthBytes();
    }
    return new RegionFigures(
        store.memtableBytes(), logBytes(), files.size(), fileBytes, store.ingestedPoints());
  }

  @Override
  public DurableImage openImage() throws IOException {
    throw new IOException("region " + id() + " gives no image of itself yet");
  }

  @Override
  public Optional<Path> loadFile(String stagedName, long lengthBytes, int crc32c)
      throws IOException {
    return store.loadFile(stagedName, lengthBytes, crc32c);
  }

  private long logBytes() {
    try {
      return DurableFiles.bytesBelow(raft.folder(id()));
    } catch (IOException e) {
      LOG.debug("Region {}: the log's size is not known", id(), e);
      return 0;
    }
  }

  /** Takes no more writes and waits for no flush: what is committed can be applied quickly. */
  void beginClose() {
    closed = true;
    gate.close();
    durableWaits.close();
    store.beginClose();
  }

  /** Only the host closes a replica, after its group's server. */
  @Override
  public void close() {
    beginClose();
    try {
      store.close();
    } catch (IOException e) {
      LOG.warn("Region {}: closing the manifest failed", id(), e);
    }
  }
}
