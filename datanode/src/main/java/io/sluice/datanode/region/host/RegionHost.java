package io.sluice.datanode.region.host;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.RegionScrub;
import io.sluice.datanode.region.compact.FileExpiry;
import io.sluice.datanode.region.compact.PipeFloors;
import io.sluice.datanode.region.manifest.Manifest;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import io.sluice.datanode.region.scrub.DamagedFiles;
import io.sluice.datanode.region.scrub.ScrubOptions;
import io.sluice.datanode.region.store.IncomingImage;
import io.sluice.datanode.region.store.MemoryBudget;
import io.sluice.datanode.region.store.RegionStore;
import io.sluice.datanode.tsfile.SealedFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.ratis.statemachine.StateMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The regions of one DataNode: one Raft server for all of them, one thread that writes their sealed
 * memtables. Thread-safe.
 *
 * <p>A region's folder is made first, then its Raft group, and only when it leads the mark that it
 * is being made goes; it is removed in the reverse order under a mark of its own. So a crash leaves
 * either a whole region or something {@link #open} clears away.
 */
public final class RegionHost implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegionHost.class);

  /** In a region's folder while it is being made or removed. */
  private static final String UNFINISHED = "unfinished";

  /** A new group of one member leads within this, or something is wrong. */
  private static final long LEAD_WAIT_MS = 20_000;

  private static final long REPLAY_CHECK_MS = 200;

  /** Readers of a region that is removed have this long to finish. */
  private static final long READERS_WAIT_MS = 5_000;

  private final RegionHostOptions options;
  private final FileTools files;
  private final PeerReplicas peers;
  private final Path regionsFolder;
  private final Map<UUID, RegionReplica> opening = new ConcurrentHashMap<>();
  private final Map<UUID, RegionReplica> replicas = new ConcurrentHashMap<>();
  private final Proposals.Limits limits;
  private final HostThreads threads;
  private final DamagedFiles damaged = new DamagedFiles();
  private final ScrubThread scrub;
  private RaftGroupServer raft;
  private MemberChange changes;
  private FolderLock lock;
  private volatile PipeFloors floors = PipeFloors.UNKNOWN;
  private volatile FileExpiry expiry = FileExpiry.NEVER;
  private volatile boolean closed;

  private RegionHost(RegionHostOptions options, FileTools files, PeerReplicas peers) {
    this.options = options;
    this.files = files;
    this.peers = peers;
    this.regionsFolder = options.folder().resolve("regions");
    this.limits =
        new Proposals.Limits(
            new MemoryBudget(options.region().memtableBytesMax()),
            new MemoryBudget(options.region().inFlightBytesMax()));
    // Also those still opening: their replay may wait for a flush that has to be tried again.
    this.threads = new HostThreads(MonotonicClock.SYSTEM, opening::values);
    this.scrub =
        ScrubThread.of(
            options.folder(),
            replicas::values,
            damaged,
            files,
            new FileRepair(peers, damaged, files.removed()));
  }

  /**
   * Opens every region found in the folder and starts the Raft server; on return the regions of one
   * member lead and have replayed their logs.
   *
   * @param peers other nodes, asked for what is missing here
   * @throws RegionRefusedException a folder of another cluster, a missing log or file: one readable
   *     line that says what to do
   * @throws io.sluice.datanode.region.manifest.ManifestDamagedException naming file and offset
   * @throws IOException the disk or the port failed
   */
  public static RegionHost open(RegionHostOptions options, FileTools files, PeerReplicas peers)
      throws IOException {
    RegionHost host = new RegionHost(options, files, peers);
    try {
      host.openAll();
      return host;
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    } catch (InterruptedException e) {
      host.close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while regions were opened", e);
    }
  }

  /** The same without merging files. */
  public static RegionHost open(
      RegionHostOptions options, SealedFileWriter writer, PeerReplicas peers) throws IOException {
    return open(options, FileTools.writing(writer), peers);
  }

  /** From now on files are merged, where they are led here, as far as pipes allow it. */
  public void mergeAsAllowedBy(PipeFloors pipes) {
    floors = pipes;
  }

  /** From now on files go, where they are led here, when all of their points have expired. */
  public void expireBy(FileExpiry times) {
    expiry = times;
  }

  /** From now on sealed files are looked at so often, and so fast. */
  public void scrub(ScrubOptions pace) {
    scrub.scrubber().pace(pace);
  }

  /** For statements that ask for it. */
  public RegionScrub scrubs() {
    return scrub.scrubber();
  }

  /** Somebody has read a sealed file and found it damaged. Must not block. */
  public void suspect(Path file) {
    damaged.suspect(file);
  }

  public ScrubFigures scrubFigures() {
    return scrub.scrubber().figures();
  }

  private void openAll() throws IOException, InterruptedException {
    Path logFolder = options.folder().resolve("raft");
    Files.createDirectories(regionsFolder);
    Files.createDirectories(logFolder);
    lock = FolderLock.take(options.folder());
    for (Path folder : children(regionsFolder)) {
      UUID id = idOf(folder);
      Path log = logFolder.resolve(id.toString());
      if (unfinished(folder, log)) {
        LOG.info("Region {}: was never made whole or is removed; clearing it away", id);
        DurableFiles.deleteTree(log);
        clearAway(folder);
        continue;
      }
      opening.put(id, openReplica(id, folder, log));
    }
    for (Path log : children(logFolder)) {
      if (!opening.containsKey(idOf(log))) {
        throw new RegionRefusedException(
            log
                + " is the log of a region that is not in "
                + regionsFolder
                + "; bring its folder back, or move the log away");
      }
    }
    startRaft();
    scrub.start();
  }

  /** The mark is there from before there is a log until after there is none. */
  private static boolean unfinished(Path folder, Path log) throws IOException {
    if (Files.exists(folder.resolve(UNFINISHED))) {
      return true;
    }
    if (Manifest.existsIn(folder)) {
      return false;
    }
    if (Files.exists(log)) {
      throw new RegionRefusedException(
          folder + " has no manifest, but its log is in " + log + "; bring back both");
    }
    return true;
  }

  /** Removes a region's folder. */
  private static void clearAway(Path folder) throws IOException {
    for (Path entry : removalOrder(folder)) {
      DurableFiles.deleteTree(entry);
    }
    DurableFiles.deleteTree(folder);
  }

  /** The mark goes last: what a crash on the way leaves behind must not pass for a region. */
  static List<Path> removalOrder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Path mark = folder.resolve(UNFINISHED);
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted(Comparator.comparing(mark::equals)).toList();
    }
  }

  private RegionReplica openReplica(UUID id, Path folder, Path log) throws IOException {
    if (!Files.isDirectory(log)) {
      throw new RegionRefusedException(
          "region " + id + " has no log in " + log + "; bring it back from a backup");
    }
    RegionReplica replica = newReplica(id, folder);
    if (installed(replica)) {
      LogRetention.dropBehind(log, replica.store().durable().index());
    }
    return replica;
  }

  /** Whether the region is what a peer was, and nothing more is durable since. */
  private boolean installed(RegionReplica replica) throws IOException {
    OptionalLong index =
        IncomingImage.installedIndex(regionsFolder.resolve(replica.id().toString()));
    return index.isPresent() && index.getAsLong() == replica.store().durable().index();
  }

  private RegionReplica newReplica(UUID id, Path folder) throws IOException {
    return new RegionReplica(
        id,
        missing ->
            RegionStore.open(
                folder, options.clusterId(), id, files.writer(), limits.memtables(), missing),
        options.region(),
        threads.forReplica(
            limits,
            peers,
            damaged,
            files,
            region -> floors.of(region),
            database -> expiry.firstTimeMs(database)));
  }

  private void startRaft() throws IOException, InterruptedException {
    raft = new RaftGroupServer(options, peers, this::stateMachine);
    for (RegionReplica replica : opening.values()) {
      replica.attach(raft);
    }
    raft.start();
    for (RegionReplica replica : opening.values()) {
      if (raft.memberless(replica.id()) && !founders(replica.id()).isEmpty()) {
        restart(replica);
      }
    }
    for (RegionReplica replica : opening.values()) {
      raft.checkLog(replica.id(), replica.store().durable().index(), installed(replica));
      replica.started();
    }
    changes = new MemberChange(raft, options.nodeId());
    Revivals revivals = new Revivals(raft, this::revive, threads.revivals());
    threads.start(nowMs -> lookAfterGroups(revivals, nowMs));
    for (RegionReplica replica : opening.values()) {
      if (!raft.single(replica.id())) {
        replicas.put(replica.id(), replica);
      }
    }
    for (RegionReplica replica : opening.values()) {
      awaitLead(replica);
      replicas.put(replica.id(), replica);
    }
  }

  private void lookAfterGroups(Revivals revivals, long nowMs) {
    for (UUID id : replicas.keySet()) {
      if (!closed) {
        revivals.check(id, nowMs);
      }
    }
  }

  /** Starts a region again whose group's server has ended; nothing happens when it is gone. */
  private synchronized void revive(UUID id) throws IOException {
    RegionReplica replica = replicas.get(id);
    if (replica != null && !closed) {
      restart(replica);
      raft.checkLog(id, replica.store().durable().index(), installed(replica));
    }
  }

  private void restart(RegionReplica replica) throws IOException {
    UUID id = replica.id();
    replica.release();
    raft.forget(id);
    replica.reopen();
    raft.requireLog(id);
    if (installed(replica)) {
      LogRetention.dropBehind(raft.folder(id), replica.store().durable().index());
    }
    raft.revive(id, founders(id));
  }

  private List<RegionMember> founders(UUID id) throws IOException {
    return Founders.of(regionsFolder.resolve(id.toString()));
  }

  /** A single member leads once it has replayed its log; with others somebody else may. */
  private void awaitLead(RegionReplica replica) throws IOException, InterruptedException {
    while (raft.single(replica.id()) && !replica.gate().await(REPLAY_CHECK_MS)) {
      if (!raft.runs(replica.id())) {
        throw new RegionRefusedException(
            "region " + replica.id() + " could not replay its log; see the log file for the entry");
      }
    }
  }

  private StateMachine stateMachine(UUID id) {
    RegionReplica replica = opening.get(id);
    if (replica == null) {
      throw new IllegalStateException("no region " + id);
    }
    return new RegionStateMachine(replica);
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static UUID idOf(Path folder) throws RegionRefusedException {
    try {
      return UUID.fromString(folder.getFileName().toString());
    } catch (IllegalArgumentException e) {
      throw new RegionRefusedException(folder + " is not a region's folder; move it away", e);
    }
  }

  /** The port the Raft server listens on, also when 0 was asked for. */
  public int raftPort() {
    return raft.port();
  }

  /**
   * Makes the replica of a new region and starts it; returns the running one when there is one
   * already. With a single member it leads on return.
   */
  public synchronized Region create(UUID id, String database, List<RegionMember> members)
      throws StatusException {
    RegionReplica present = replicas.get(id);
    if (present != null) {
      return present;
    }
    try {
      return make(id, database, members);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Region {} of {} could not be made", id, database, e);
      discard(id);
      throw new StatusException(
          StatusCode.INTERNAL_ERROR, "region " + id + " could not be made: " + e, e);
    } catch (InterruptedException e) {
      discard(id);
      Thread.currentThread().interrupt();
      throw new StatusException(
          StatusCode.INTERNAL_ERROR, "interrupted while region " + id + " was made", e);
    }
  }

  /**
   * Makes an empty replica that waits until a leader takes it in, see {@link #changeMembers};
   * returns the running one when there is one already.
   */
  public synchronized Region join(UUID id, String database) throws StatusException {
    return create(id, database, List.of());
  }

  /**
   * At the region's leader: returns once exactly these take part, new ones having caught up. May be
   * called again; a list equal to the present one is success at once. A member with another address
   * than known moves there.
   *
   * @throws StatusException REGION_NOT_HERE when this replica does not lead
   */
  public void changeMembers(UUID id, List<RegionMember> members) throws StatusException {
    led(id);
    changes.to(id, members);
  }

  /**
   * At the region's leader: returns once that member leads.
   *
   * @throws StatusException REGION_NOT_HERE when this replica does not lead
   */
  public void transferLeader(UUID id, int toNode) throws StatusException {
    led(id);
    changes.lead(id, toNode);
  }

  private void led(UUID id) throws StatusException {
    RegionReplica replica = replicas.get(id);
    if (replica == null || !replica.leads()) {
      throw new StatusException(
          StatusCode.REGION_NOT_HERE, "region " + id + " is not led by this node now");
    }
  }

  private Region make(UUID id, String database, List<RegionMember> members)
      throws IOException, InterruptedException {
    Path folder = regionsFolder.resolve(id.toString());
    Files.createDirectories(folder);
    DurableFiles.replace(folder.resolve(UNFINISHED), new byte[0]);
    DurableFiles.syncFolder(regionsFolder);
    RegionStore.create(folder, new ManifestIdentity(options.clusterId(), id, database));
    RegionReplica replica = newReplica(id, folder);
    replica.attach(raft);
    opening.put(id, replica);
    if (!members.isEmpty()) {
      Founders.write(folder, members);
    }
    raft.add(id, members);
    replica.started();
    if (members.size() == 1 && !replica.gate().await(LEAD_WAIT_MS)) {
      throw new IOException("no leader after " + LEAD_WAIT_MS + " ms");
    }
    Files.delete(folder.resolve(UNFINISHED));
    DurableFiles.syncFolder(folder);
    replicas.put(id, replica);
    return replica;
  }

  private void discard(UUID id) {
    try {
      removeAll(id);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Region {}: what was made of it is cleared away at the next start", id, e);
    }
  }

  /** Stops the replica and removes its files and log; nothing happens when there is none. */
  public synchronized void delete(UUID id) throws StatusException {
    if (!opening.containsKey(id)) {
      return;
    }
    try {
      removeAll(id);
    } catch (IOException e) {
      throw new StatusException(
          StatusCode.INTERNAL_ERROR, "region " + id + " could not be removed: " + e, e);
    }
  }

  private void removeAll(UUID id) throws IOException {
    Path folder = regionsFolder.resolve(id.toString());
    DurableFiles.replace(folder.resolve(UNFINISHED), new byte[0]);
    replicas.remove(id);
    RegionReplica replica = opening.get(id);
    if (replica != null) {
      replica.beginClose();
    }
    raft.remove(id);
    DurableFiles.deleteTree(raft.folder(id));
    if (replica != null) {
      threads.awaitFlusher();
      awaitReaders(replica);
      replica.close();
      opening.remove(id);
    }
    clearAway(folder);
    DurableFiles.syncFolder(regionsFolder);
  }

  private static void awaitReaders(RegionReplica replica) {
    try {
      if (!replica.store().awaitReaders(READERS_WAIT_MS)) {
        LOG.warn("Region {}: removed under a reader", replica.id());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public Optional<Region> find(UUID id) {
    return Optional.ofNullable(replicas.get(id));
  }

  public List<Region> all() {
    return List.copyOf(replicas.values());
  }

  /** Stops everything; what was acknowledged is in the logs. */
  @Override
  public synchronized void close() {
    closed = true;
    scrub.close();
    opening.values().forEach(RegionReplica::beginClose);
    if (raft != null) {
      try {
        raft.close();
      } catch (IOException e) {
        LOG.warn("Closing the regions' Raft server failed", e);
      }
    }
    threads.close();
    opening.values().forEach(RegionReplica::close);
    replicas.clear();
    opening.clear();
    if (lock != null) {
      lock.close();
    }
  }
}
