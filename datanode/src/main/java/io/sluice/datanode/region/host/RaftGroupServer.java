package io.sluice.datanode.region.host;

import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionRefusedException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.statemachine.StateMachine;

/** This node's one Ratis server, in this package's words. Thread-safe. */
final class RaftGroupServer implements Closeable {
  private static final String PEER_PREFIX = "datanode-";
  private static final long SNAPSHOT_TIMEOUT_MS = 60_000;

  private final RaftServer server;
  private final Path logFolder;
  private final ClientId client = ClientId.randomId();
  private final AtomicLong calls = new AtomicLong();

  /** Builds the server; groups found in the folder are opened with {@code stateMachines}. */
  RaftGroupServer(RegionHostOptions options, Function<UUID, StateMachine> stateMachines)
      throws IOException {
    this.logFolder = options.folder().resolve("raft");
    this.server =
        RaftServer.newBuilder()
            .setServerId(peerId(options.nodeId()))
            .setProperties(RatisSettings.of(logFolder, options.host(), options.raftPort()))
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

  private static RaftPeerId peerId(int nodeId) {
    return RaftPeerId.valueOf(PEER_PREFIX + nodeId);
  }

  private static int nodeId(RaftPeerId peer) {
    return Integer.parseInt(peer.toString().substring(PEER_PREFIX.length()));
  }

  private static RegionMember member(RaftPeer peer) {
    String address = peer.getAddress();
    int colon = address.lastIndexOf(':');
    return new RegionMember(
        nodeId(peer.getId()),
        address.substring(0, colon),
        Integer.parseInt(address.substring(colon + 1)));
  }

  /** Adds a new group with an empty log. */
  void add(UUID id, List<RegionMember> members) throws IOException {
    List<RaftPeer> peers =
        members.stream()
            .map(
                member ->
                    RaftPeer.newBuilder()
                        .setId(peerId(member.nodeId()))
                        .setAddress(member.host() + ":" + member.raftPort())
                        .build())
            .toList();
    RaftGroup group = RaftGroup.valueOf(RaftGroupId.valueOf(id), peers);
    check(
        server.groupManagement(
            GroupManagementRequest.newAdd(client, server.getId(), nextCall(), group)));
  }

  /** Stops a group and removes its log; nothing happens when there is none. */
  void remove(UUID id) throws IOException {
    RaftGroupId group = RaftGroupId.valueOf(id);
    for (RaftGroupId present : server.getGroupIds()) {
      if (present.equals(group)) {
        check(
            server.groupManagement(
                GroupManagementRequest.newRemove(
                    client, server.getId(), nextCall(), group, true, false)));
      }
    }
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
   * @throws RegionRefusedException when the log could not be opened, or its first entry is beyond
   *     what the manifest needs next
   */
  void checkLog(UUID id, long durableIndex) throws IOException {
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

  /** Whether the group has this one member only. */
  boolean single(UUID id) throws IOException {
    return server.getDivision(RaftGroupId.valueOf(id)).getRaftConf().getCurrentPeers().size() == 1;
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
          division.getRaftConf().getCurrentPeers().stream().map(RaftGroupServer::member).toList());
    } catch (IOException e) {
      return new Seen(false, 0, List.of());
    }
  }

  OptionalInt leader(UUID id) {
    try {
      RaftPeerId leader = server.getDivision(RaftGroupId.valueOf(id)).getInfo().getLeaderId();
      return leader == null ? OptionalInt.empty() : OptionalInt.of(nodeId(leader));
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  Path folder(UUID id) {
    return logFolder.resolve(id.toString());
  }

  /** Appends a message; completes when it is applied, on Ratis's applying thread. */
  CompletableFuture<RaftClientReply> submit(UUID id, Message message) {
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(client)
            .setServerId(server.getId())
            .setGroupId(RaftGroupId.valueOf(id))
            .setCallId(nextCall())
            .setMessage(message)
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      return server.submitClientRequestAsync(request);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** Has the snapshot index follow the manifest, and what is behind it purged. */
  CompletableFuture<RaftClientReply> followManifest(UUID id) {
    SnapshotManagementRequest request =
        SnapshotManagementRequest.newCreate(
            client, server.getId(), RaftGroupId.valueOf(id), nextCall(), SNAPSHOT_TIMEOUT_MS, 1);
    try {
      return server.snapshotManagementAsync(request);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private long nextCall() {
    return calls.incrementAndGet();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
