package io.sluice.datanode.region.host;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionFigures;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.ReplicaState;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.ClientDeletions;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import io.sluice.datanode.region.scrub.DamagedFiles;
import io.sluice.datanode.region.store.IncomingImage;
import io.sluice.datanode.region.store.MissingFiles;
import io.sluice.datanode.region.store.RegionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.ratis.server.protocol.TermIndex;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A region's store behind its Raft group. The store changes when the replica becomes what a peer
 * is, or is started again after its group's server has ended; the replica stays.
 */
final class RegionReplica implements Region, RegionStateMachine.Host {
  private static final Logger LOG = LoggerFactory.getLogger(RegionReplica.class);

  /** Readers of a store that is replaced have this long to finish. */
  private static final long READERS_WAIT_MS = 5_000;

  /** The log behind the manifest is looked at this often when members may need it. */
  private static final long PURGE_CHECK_MS = 2_000;

  /** A leader repeats its notice many times within this. */
  private static final long ANSWER_WAIT_MS = 15_000;

  private static final long NEVER = Long.MIN_VALUE;

  private final ManifestIdentity identity;
  private final Opening opening;
  private final RegionOptions options;
  private final Shared shared;
  private final LeaderGate gate = new LeaderGate();
  private final DurableWaits durableWaits = new DurableWaits();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final LogRetention retention = new LogRetention();
  private final Proposals proposals;
  private final Sealing sealing;
  private final Compaction compaction;
  private final ImagePull pull;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private volatile RaftGroupServer raft;
  private volatile RegionStore store;
  private volatile PeerFiles missing;
  private volatile long ingestedBefore;
  private volatile long answeredAtMs = NEVER;
  private volatile boolean started;
  private volatile boolean closed;
  private long purgeCheckAtMs;

  /** Opens the region's store as it is on disk. */
  interface Opening {
    RegionStore open(MissingFiles missing) throws IOException;
  }

  /**
   * What all replicas of a node share.
   *
   * @param chores short work that may wait for the log, never for the flusher
   * @param flusher one at a time
   * @param answers runs what depends on a proposal's outcome
   * @param copies blocking calls to other nodes
   */
  record Shared(
      Executor chores,
      Executor flusher,
      Executor answers,
      Executor copies,
      Proposals.Limits limits,
      PeerReplicas peers,
      DamagedFiles damaged,
      Compaction.Tools merging,
      MonotonicClock clock) {}

  RegionReplica(UUID id, Opening opening, RegionOptions options, Shared shared) throws IOException {
    this.opening = opening;
    this.options = options;
    this.shared = shared;
    this.missing = newMissing(id);
    this.store = opening.open(missing);
    this.identity = store.identity();
    this.proposals =
        new Proposals(
            id,
            options,
            gate,
            shared.limits(),
            new FileSpread(id, shared.peers(), shared.copies()),
            this::store,
            shared.answers());
    this.sealing =
        new Sealing(
            id,
            new SealTimer(options),
            proposals,
            shared.limits().memtables(),
            this::store,
            shared.flusher(),
            this::manifestAdvanced);
    this.compaction = new Compaction(id, new Leader(), this::store, shared.merging());
    this.pull =
        new ImagePull(
            id, incoming(), shared.peers(), shared.copies(), shared.clock(), this::nextIndex);
    store.onAdvance(this::advanced);
    advanced();
  }

  private long nextIndex() throws IOException {
    return raft.lastIndex(id()) + 1;
  }

  private IncomingImage incoming() {
    return new IncomingImage(store.folder().root(), identity.clusterId(), id());
  }

  private PeerFiles newMissing(UUID id) {
    return new PeerFiles(id, shared.peers(), () -> raft.others(id), this::incoming);
  }

  /** Before the group's server starts. */
  void attach(RaftGroupServer server) {
    raft = server;
    proposals.attach(server);
  }

  /** The group's server has started. */
  void started() {
    started = true;
  }

  private void advanced() {
    durableWaits.advance(store.durable().index());
    listeners.forEach(Runnable::run);
  }

  LeaderGate gate() {
    return gate;
  }

  // ---------------------------------------------------------------- the store

  @Override
  public RegionStore store() {
    return store;
  }

  /** Whoever waits in the store is let go, so that the group's server can end. */
  void release() {
    gate.shut();
    missing.close();
    store.beginClose();
  }

  @Override
  public boolean closing() {
    return missing.closed();
  }

  @Override
  public synchronized RegionStore reopen() throws IOException {
    if (closed) {
      throw new IOException("region " + id() + " is closing");
    }
    RegionStore old = store;
    missing.close();
    awaitReaders(old);
    old.close();
    ingestedBefore += old.ingestedPoints();
    missing = newMissing(id());
    RegionStore next = opening.open(missing);
    store = next;
    stopping.set(false);
    answeredAtMs = NEVER;
    if (closed) {
      beginClose();
    }
    next.onAdvance(this::advanced);
    advanced();
    return next;
  }

  private void awaitReaders(RegionStore old) {
    try {
      if (!old.awaitReaders(READERS_WAIT_MS)) {
        LOG.warn("Region {}: replaced under a reader", id());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void rangeClosed() {
    sealing.rangeClosed();
    compaction.ordered();
  }

  private void manifestAdvanced() {
    followManifest();
    compaction.look();
  }

  /** What compaction needs of a leader. */
  private final class Leader implements Compaction.Leader {
    @Override
    public boolean leads() {
      return RegionReplica.this.leads();
    }

    @Override
    public long slowestCommit() throws IOException {
      return raft.slowestCommit(id());
    }

    @Override
    public void propose(LogEntry entry, Runnable done) {
      proposals.submit(entry).whenComplete((result, failure) -> done.run());
    }
  }

  /** The log follows the manifest as far as nobody needs it any more. */
  private void followManifest() {
    if (!raft.runs(id())) {
      return; // told when it runs again
    }
    try {
      long durableIndex = store.durable().index();
      long purgeIndex =
          retention.purgeIndex(
              durableIndex,
              raft.slowestCommit(id()),
              LogRetention.segments(raft.folder(id())),
              options.keptLogBytesMax(),
              shared.clock().nowMs());
      raft.followManifest(id(), durableIndex, purgeIndex);
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        LOG.warn("Region {}: its log could not be purged and will be later", id(), e);
      }
    }
  }

  // ---------------------------------------------------------------- leading

  @Override
  public void ready() {
    long term = gate.begin();
    execute(shared.chores(), () -> begin(term));
  }

  @Override
  public void lost() {
    gate.shut();
  }

  @Override
  public CompletableFuture<TermIndex> becomeLike(int leader, long firstIndex) {
    return pull.from(leader, firstIndex)
        .whenComplete(
            (image, failure) -> {
              if (failure == null) {
                answeredAtMs = shared.clock().nowMs();
              }
            });
  }

  @Override
  public void answerTaken() {
    answeredAtMs = NEVER;
  }

  /**
   * Ratis takes nothing from a leader between the answer to its notice and the next notice. When
   * somebody else leads meanwhile, whose log goes back far enough, there is no next one.
   */
  private void endForgottenInstall(long nowMs) {
    long since = answeredAtMs;
    if (since != NEVER && nowMs - since > ANSWER_WAIT_MS) {
      answeredAtMs = NEVER;
      LOG.info("Region {}: the leader whose image was copied leads no more; starting anew", id());
      logFailed();
    }
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
  private void begin(long term) {
    try {
      store.goLive();
    } catch (IOException e) {
      LOG.warn("Region {}: leftovers in the staging folder stay", id(), e);
    }
    long number = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
    proposals
        .submit(new LogEntry.NewLeader(number))
        .whenComplete(
            (result, failure) -> {
              if (result instanceof Applied) {
                gate.open(term);
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
    return proposals.readBarrier();
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

  // ---------------------------------------------------------------- proposing and sealing

  @Override
  public CompletableFuture<ApplyResult> propose(LogEntry entry) {
    return proposals.propose(entry);
  }

  @Override
  public CompletableFuture<ApplyResult> flush() {
    // A leader that has been deposed and does not know it would find nothing to seal.
    return answered(
        readBarrier()
            .thenCompose(
                leads ->
                    leads instanceof Applied
                        ? flushed()
                        : CompletableFuture.completedFuture(leads)));
  }

  private CompletableFuture<ApplyResult> flushed() {
    RegionStore.Unsealed unsealed = store.unsealed();
    Applied lastData = new Applied(lastDataIndex());
    CompletableFuture<ApplyResult> sealed =
        unsealed.data()
            ? proposals.submit(new LogEntry.Seal())
            : CompletableFuture.completedFuture(new Applied(unsealed.after()));
    return sealed
        .thenCompose(
            result ->
                result instanceof Applied applied
                    ? durableWaits.reached(applied.index())
                    : CompletableFuture.completedFuture(result))
        .thenApply(result -> result instanceof Applied ? lastData : result);
  }

  private CompletableFuture<ApplyResult> answered(CompletableFuture<ApplyResult> future) {
    return future.thenApplyAsync(result -> result, shared.answers());
  }

  @Override
  public void sealSoon() {
    sealing.soon();
  }

  /** Now and then, on the chores thread. */
  void tick(long nowMs) {
    if (leads()) {
      sealing.tick(nowMs);
    }
    if (sealing.retryDue(nowMs)) {
      execute(shared.flusher(), sealing::flushWaiting);
    }
    endForgottenInstall(nowMs);
    if (nowMs >= purgeCheckAtMs) {
      purgeCheckAtMs = nowMs + PURGE_CHECK_MS;
      compaction.look();
      if (started && !raft.others(id()).isEmpty()) {
        execute(shared.flusher(), this::followManifest);
      }
    }
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
    return identity.regionId();
  }

  @Override
  public String database() {
    return identity.database();
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
  public List<HeldSeries> held(long pipeNumber) {
    return List.copyOf(store.image().quarantine().of(pipeNumber));
  }

  @Override
  public List<Resend> resends(long pipeNumber) {
    return store.image().quarantine().resends(pipeNumber);
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
  public Optional<DeletionAt> firstDeletionAfter(long index, UUID receiver) {
    return ClientDeletions.firstAfter(store.image(), index, receiver);
  }

  @Override
  public long lastDataIndex() {
    return store.image().lastDataIndex();
  }

  @Override
  public long droppedIndex() {
    return store.image().droppedIndex();
  }

  @Override
  public long durableIndex() {
    return Math.max(0, store.durable().index());
  }

  @Override
  public void onAdvance(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public Path stagingFolder() {
    return store.folder().staging();
  }

  @Override
  public RegionFigures figures() {
    List<SealedFile> files = store.durable().files();
    return new RegionFigures(
        store.memtableBytes(),
        logBytes(),
        files.size() + store.unsealed().loadedFiles(),
        files.stream().mapToLong(SealedFile::lengthBytes).sum(),
        ingestedBefore + store.ingestedPoints());
  }

  private long logBytes() {
    try {
      return DurableFiles.bytesBelow(raft.folder(id()));
    } catch (IOException e) {
      LOG.debug("Region {}: the log's size is not known", id(), e);
      return 0;
    }
  }

  @Override
  public DurableImage openImage() throws IOException {
    Path files = store.folder().root();
    return HeldImage.open(
        store, retention, shared.clock(), name -> shared.damaged().holds(files.resolve(name)));
  }

  @Override
  public void suspect(Path file) {
    shared.damaged().suspect(file);
  }

  @Override
  public List<SealedFile> rotten() {
    List<SealedFile> listed = store.durable().files();
    return shared.damaged().nowhereElse(id()).stream().filter(listed::contains).toList();
  }

  @Override
  public Path replaceRotten(SealedFile rotten, Optional<SealedFile> made) throws IOException {
    Path kept = store.replaceRotten(rotten, made, shared.merging().files().removed());
    shared.damaged().gone(rotten.path());
    return kept;
  }

  /** Nodes that hold the region besides this one. */
  List<Integer> others() {
    return raft.others(id());
  }

  @Override
  public Optional<Path> loadFile(String stagedName, long lengthBytes, int crc32c)
      throws IOException {
    return store.loadFile(stagedName, lengthBytes, crc32c);
  }

  /** Takes no more writes and waits for no flush: what is committed can be applied quickly. */
  void beginClose() {
    closed = true;
    proposals.close();
    sealing.close();
    compaction.close();
    gate.close();
    durableWaits.close();
    missing.close();
    store.beginClose();
  }

  /** Only the host closes a replica, after its group's server. */
  @Override
  public synchronized void close() {
    beginClose();
    try {
      store.close();
    } catch (IOException e) {
      LOG.warn("Region {}: closing the manifest failed", id(), e);
    }
  }
}
