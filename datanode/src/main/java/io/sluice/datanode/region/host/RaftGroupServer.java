package io.sluice.datanode.region.host;

import io.sluice.common.config.HostPort;
import io.sluice.common.raft.NamedRpcType;
import io.sluice.common.raft.PeerAddresses;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.CommitInfoProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderSteppingDownException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.statemachine.StateMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's one Ratis server, in this package's words. Thread-safe. */
final class RaftGroupServer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RaftGroupServer.class);
  private static final long STEP_DOWN_MS_MAX = 5_000;

  /** For the server to end: an election's or a snapshot's time, many times over. */
  private static final long CLOSE_MS_MAX = 20_000;

  private final RaftServer server;
  private final PeerAddresses addresses;
  private final int self;
  private final Path logFolder;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

  /** Builds the server; groups found in the folder are opened with {@code stateMachines}. */
  RaftGroupServer(
      RegionHostOptions options, PeerReplicas peers, Function<UUID, StateMachine> stateMachines)
      throws IOException {
    this.self = options.nodeId();
    this.logFolder = options.folder().resolve("raft");
    this.addresses = PeerAddresses.open(peer -> address(peers, peer));
    RaftProperties properties = RatisSettings.of(logFolder, options.host(), options.raftPort());
    this.server =
        RaftServer.newBuilder()
            .setParameters(NamedRpcType.use(properties, addresses))
            .setServerId(PeerNames.id(options.nodeId()))
            .setProperties(properties)
            .setStateMachineRegistry(group -> stateMachines.apply(group.getUuid()))
            .build();
  }

  /**
   * @throws RegionRefusedException when a log cannot be read, or the port is taken
   */
  void start() throws IOException {
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      throw new RegionRefusedException(
          "the regions' Raft server cannot start with the logs in "
              + logFolder
              + ": "
              + rootText(e),
          e);
    }
  }

  int port() {
    return server.getServerRpc().getInetSocketAddress().getPort();
  }

  /**
   * Adds a new group with an empty log.
   *
   * @param members none for one that waits to be taken in
   */
  void add(UUID id, List<RegionMember> members) throws IOException {
    List<RaftPeer> peers = members.stream().map(PeerNames::peer).toList();
    RaftGroup group = RaftGroup.valueOf(RaftGroupId.valueOf(id), peers);
    check(
        server.groupManagement(
            GroupManagementRequest.newAdd(client, server.getId(), nextCall(), group)));
  }

  /**
   * Starts a group again whose server has ended, with the log and the members it had.
   *
   * @param founders the members when none were logged yet
   */
  void revive(UUID id, List<RegionMember> founders) throws IOException {
    List<RaftPeer> peers = founders.stream().map(PeerNames::peer).toList();
    RaftGroup group = RaftGroup.valueOf(RaftGroupId.valueOf(id), peers);
    check(
        server.groupManagement(
            GroupManagementRequest.newAdd(client, server.getId(), nextCall(), group, false)));
  }

  /** Refuses a group that has no log to start with: Ratis would make a new one. */
  void requireLog(UUID id) throws IOException {
    Path meta = folder(id).resolve("current").resolve("raft-meta");
    if (!Files.isRegularFile(meta)) {
      throw new IOException(meta + " is missing");
    }
  }

  /** Stops a group and removes its log; nothing happens when there is none. */
  void remove(UUID id) throws IOException {
    remove(id, true);
  }

  /** Stops a group; its log stays. Nothing happens when there is none. */
  void forget(UUID id) throws IOException {
    remove(id, false);
  }

  private void remove(UUID id, boolean withLog) throws IOException {
    RaftGroupId group = RaftGroupId.valueOf(id);
    for (RaftGroupId present : server.getGroupIds()) {
      if (present.equals(group)) {
        check(
            server.groupManagement(
                GroupManagementRequest.newRemove(
                    client, server.getId(), nextCall(), group, withLog, false)));
      }
    }
  }

  /**
   * Changes who takes part; returns when the new ones have caught up and the change is committed.
   *
   * @throws LeaderSteppingDownException when Ratis's books of the members are at odds: what feeds a
   *     member that left may stay behind in them (its restart raced with its end), and then no
   *     change goes through any more as long as this leader leads. So it begins a new term
   */
  void setMembers(UUID id, List<RegionMember> members) throws IOException {
    members.forEach(this::heard);
    List<RaftPeer> peers = members.stream().map(PeerNames::peer).toList();
    SetConfigurationRequest request =
        new SetConfigurationRequest(
            client, server.getId(), RaftGroupId.valueOf(id), nextCall(), peers);
    try {
      check(server.setConfiguration(request));
    } catch (IllegalStateException e) {
      LOG.warn("Region {}: Raft's books of the members are at odds; a new term begins", id, e);
      transferLeader(id, null, STEP_DOWN_MS_MAX);
      throw new LeaderSteppingDownException("region " + id + " begins a new term");
    }
  }

  /** Returns when the other member leads. */
  void transferLeader(UUID id, int toNode, long waitMs) throws IOException {
    transferLeader(id, PeerNames.id(toNode), waitMs);
  }

  /**
   * @param heir null for whomever is elected
   */
  private void transferLeader(UUID id, RaftPeerId heir, long waitMs) throws IOException {
    check(
        server.transferLeadership(
            new TransferLeadershipRequest(
                client, server.getId(), RaftGroupId.valueOf(id), nextCall(), heir, waitMs)));
  }

  /** Completes when a majority still takes this node for the leader and it has applied all. */
  CompletableFuture<RaftClientReply> confirmLeader(UUID id) {
    return submit(id, Message.EMPTY, RaftClientRequest.readRequestType());
  }

  /**
   * Ends the group's server: first everybody who waits for an entry is answered, then what is being
   * applied is waited for.
   */
  void stop(UUID id) throws IOException {
    server.getDivision(RaftGroupId.valueOf(id)).close();
  }

  private static void check(RaftClientReply reply) throws IOException {
    if (!reply.isSuccess()) {
      throw reply.getException() != null
          ? reply.getException()
          : new IOException("Raft answered " + reply);
    }
  }

  /**
   * Whether the log goes on where the manifest ends.
   *
   * @param installed a peer's image was put in place and nothing was logged since: the log may be
   *     empty
   * @throws RegionRefusedException when the log could not be opened, its first entry is beyond what
   *     the manifest needs next, or its last one before the manifest's
   */
  void checkLog(UUID id, long durableIndex, boolean installed) throws IOException {
    RaftLog log;
    try {
      log = server.getDivision(RaftGroupId.valueOf(id)).getRaftLog();
    } catch (IOException | RuntimeException e) {
      throw new RegionRefusedException(
          "the log of region " + id + " in " + folder(id) + " cannot be opened: " + rootText(e), e);
    }
    long first = log.getStartIndex();
    if (first > durableIndex + 1) {
      throw new RegionRefusedException(
          String.format(
              "the log of region %s in %s begins at %d, but the manifest ends at %d:"
                  + " entries are missing; bring back both from one backup",
              id, folder(id), first, durableIndex));
    }
    TermIndex last = log.getLastEntryTermIndex();
    long lastIndex = last == null ? RaftLog.INVALID_LOG_INDEX : last.getIndex();
    if (lastIndex < durableIndex && !(installed && last == null)) {
      throw new RegionRefusedException(
          String.format(
              "the log of region %s in %s ends at %d, but the manifest at %d: what was written"
                  + " since is missing; bring back both from one backup, or, if other nodes hold"
                  + " the region, remove this replica and let it be made again",
              id, folder(id), lastIndex, durableIndex));
    }
  }

  private static String rootText(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.toString();
  }

  /** Whether the group's server still runs: it closes itself when an entry cannot be applied. */
  boolean runs(UUID id) {
    try {
      return server.getDivision(RaftGroupId.valueOf(id)).getInfo().isAlive();
    } catch (IOException e) {
      return false;
    }
  }

  /** A member may be at another address than it was. */
  void heard(RegionMember member) {
    addresses.heard(PeerNames.id(member.nodeId()), raftAt(member));
  }

  private static HostPort raftAt(RegionMember member) {
    return new HostPort(member.host(), member.raftPort());
  }

  /**
   * Whether the group's server knows no members at all: it belongs to nobody and votes for nobody.
   */
  boolean memberless(UUID id) throws IOException {
    return server.getDivision(RaftGroupId.valueOf(id)).getRaftConf().getCurrentPeers().isEmpty();
  }

  /** Whether this node is the group's only member. */
  boolean single(UUID id) throws IOException {
    var peers = server.getDivision(RaftGroupId.valueOf(id)).getRaftConf().getCurrentPeers();
    return peers.size() == 1 && peers.iterator().next().getId().equals(server.getId());
  }

  /**
   * The nodes that take part besides this one, the leader first; empty when the group's server has
   * ended.
   */
  List<Integer> others(UUID id) {
    int leads = leader(id).orElse(self);
    return seen(id).members().stream()
        .map(RegionMember::nodeId)
        .filter(node -> node != self)
        .sorted(Comparator.comparing(node -> node != leads))
        .toList();
  }

  /**
   * A group as its server here sees it.
   *
   * @param members empty while it waits to be taken in
   */
  record Seen(boolean running, long term, List<RegionMember> members) {}

  Seen seen(UUID id) {
    try {
      RaftServer.Division division = server.getDivision(RaftGroupId.valueOf(id));
      return new Seen(
          division.getInfo().isAlive(),
          division.getInfo().getCurrentTerm(),
          division.getRaftConf().getCurrentPeers().stream().map(this::member).toList());
    } catch (IOException e) {
      return new Seen(false, 0, List.of());
    }
  }

  private RegionMember member(RaftPeer peer) {
    RegionMember written = PeerNames.member(peer);
    return addresses
        .of(peer.getId())
        .map(now -> new RegionMember(written.nodeId(), now.host(), now.port()))
        .orElse(written);
  }

  private static Optional<HostPort> address(PeerReplicas peers, RaftPeerId peer) {
    return peers.member(PeerNames.nodeId(peer)).map(RaftGroupServer::raftAt);
  }

  OptionalInt leader(UUID id) {
    try {
      RaftPeerId leader = server.getDivision(RaftGroupId.valueOf(id)).getInfo().getLeaderId();
      return leader == null ? OptionalInt.empty() : OptionalInt.of(PeerNames.nodeId(leader));
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  Path folder(UUID id) {
    return logFolder.resolve(id.toString());
  }

  /** Appends a message; completes when it is applied, on Ratis's applying thread. */
  CompletableFuture<RaftClientReply> submit(UUID id, Message message) {
    return submit(id, message, RaftClientRequest.writeRequestType());
  }

  private CompletableFuture<RaftClientReply> submit(
      UUID id, Message message, RaftClientRequest.Type type) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(server.getId())
            .setGroupId(RaftGroupId.valueOf(id))
            .setCallId(nextCall())
            .setMessage(message)
            .setType(type)
            .build();
    try {
      return server.submitClientRequestAsync(request);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Tells the log how far the manifest has come, and purges it.
   *
   * @param purgeIndex whole files up to it go
   */
  void followManifest(UUID id, long durableIndex, long purgeIndex) throws IOException {
    RaftLog log = server.getDivision(RaftGroupId.valueOf(id)).getRaftLog();
    log.updateSnapshotIndex(durableIndex);
    // The last entry stays: an empty log does not tell where it ended.
    long index = Math.min(purgeIndex, log.getNextIndex() - 2);
    if (index >= log.getStartIndex()) {
      log.purge(index);
    }
  }

  /** Index of the log's last entry; that of the manifest when it is empty. */
  long lastIndex(UUID id) throws IOException {
    return server.getDivision(RaftGroupId.valueOf(id)).getRaftLog().getNextIndex() - 1;
  }

  /**
   * What every other member has committed, as far as is known here; Long.MAX_VALUE without others.
   */
  long slowestCommit(UUID id) throws IOException {
    RaftServer.Division division = server.getDivision(RaftGroupId.valueOf(id));
    long others = division.getRaftConf().getCurrentPeers().size() - 1;
    long slowest = Long.MAX_VALUE;
    for (CommitInfoProto info : division.getCommitInfos()) {
      RaftPeerId peer = RaftPeerId.valueOf(info.getServer().getId());
      if (!peer.equals(server.getId()) && division.getRaftConf().getPeer(peer) != null) {
        slowest = Math.min(slowest, info.getCommitIndex());
        others--;
      }
    }
    return others > 0 ? 0 : slowest;
  }

  private long nextCall() {
    return calls.incrementAndGet();
  }

  /**
   * Ratis waits for its updaters, for ever for one that was told to stop just before its state
   * machine failed. What goes on then does nothing.
   */
  @Override
  public void close() throws IOException {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    Thread closer =
        new Thread(
            () -> {
              try {
                server.close();
                closed.complete(null);
              } catch (IOException | RuntimeException e) {
                closed.completeExceptionally(e);
              }
            },
            "raft-close");
    closer.setDaemon(true);
    closer.start();
    try {
      closed.get(CLOSE_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.error("the Raft server has not ended within {} ms; it is left behind", CLOSE_MS_MAX);
    } catch (ExecutionException e) {
      throw new IOException("the Raft server could not be closed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      addresses.close();
    }
  }
}
