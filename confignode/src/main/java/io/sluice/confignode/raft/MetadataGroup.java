package io.sluice.confignode.raft;

import io.sluice.common.config.HostPort;
import io.sluice.common.raft.NamedRpcType;
import io.sluice.common.raft.PeerAddresses;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.format.Proposal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's member of the metadata's Raft group. Thread-safe. */
public final class MetadataGroup implements AutoCloseable {
  /** Told when this member begins or ceases to lead; on Ratis's threads, must return soon. */
  public interface LeadershipListener {
    void leads(long term);

    void ceased();
  }

  /** What became of a proposal. */
  enum Outcome {
    /** Its records are facts. */
    TOOK_EFFECT,
    /** It was decided on an image that was not the latest: decide again. */
    PASSED_OVER,
    /** It can never take effect: another member leads. */
    LOST
  }

  private static final Logger LOG = LoggerFactory.getLogger(MetadataGroup.class);
  private static final String PEER_PREFIX = "confignode-";

  private final RaftGroupId groupId;
  private final ClientId clientId = ClientId.randomId();
  private final java.util.concurrent.atomic.AtomicLong callIds =
      new java.util.concurrent.atomic.AtomicLong();
  private final Map<UUID, Awaited> awaited = new ConcurrentHashMap<>();
  private final RaftOptions options;
  private final RaftPeer self;
  private final boolean founder;
  private final LeadershipListener leadership;
  private final PeerAddresses addresses;
  private volatile Member member;
  private volatile long leadingTerm = NOT_LEADING;
  private volatile boolean closed;
  private volatile boolean replacing;
  private int restarts;

  private static final long NOT_LEADING = -1;

  /** Times a member that failed is started again in the life of the process. */
  private static final int RESTARTS_MAX = 20;

  private static final long RESTART_PAUSE_MS = 500;

  /** Beyond the time-out that Ratis itself keeps. */
  private static final long TRANSFER_ANSWER_MS = 1_000;

  /** The running member; another after a failure. */
  private record Member(RaftServer server, MetadataStateMachine machine) {}

  private record Awaited(long term, CompletableFuture<Outcome> outcome) {}

  /**
   * Does not start it.
   *
   * @param groupUuid the cluster's id
   * @param nodeId of this ConfigNode
   * @param founder whether to begin a new group with this one member, if the folder has none; else
   *     this member waits to be added by the leader
   * @throws IOException when the folder cannot be used or its content is damaged
   */
  public MetadataGroup(
      RaftOptions options,
      UUID groupUuid,
      int nodeId,
      boolean founder,
      LeadershipListener leadership)
      throws IOException {
    this.groupId = RaftGroupId.valueOf(groupUuid);
    this.options = options;
    this.founder = founder;
    this.leadership = leadership;
    this.self =
        RaftPeer.newBuilder()
            .setId(peerId(nodeId))
            .setAddress(options.host() + ":" + options.port())
            .build();
    this.addresses = PeerAddresses.open(this::address);
    this.member = newMember();
  }

  /** Where the facts say that a member is; they are of the disk's state while it starts. */
  private Optional<HostPort> address(RaftPeerId peer) {
    Member running = member;
    return running == null
        ? Optional.empty()
        : Optional.ofNullable(running.machine().image().nodes().configNodes().get(nodeId(peer)))
            .map(node -> new HostPort(node.raft().host(), node.raft().port()));
  }

  private Member newMember() throws IOException {
    Events events = new Events();
    MetadataStateMachine machine = new MetadataStateMachine(events);
    events.machine = machine;
    RaftProperties properties = RaftSettings.of(options);
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(self.getId())
            .setGroup(founder ? RaftGroup.valueOf(groupId, self) : RaftGroup.valueOf(groupId))
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setParameters(NamedRpcType.use(properties, addresses))
            .setProperties(properties)
            .setStateMachine(machine)
            .build();
    return new Member(server, machine);
  }

  /**
   * Returns when this member takes part; it need not know a leader yet.
   *
   * @throws IOException in one readable line when the log cannot be read
   */
  public void start() throws IOException {
    try {
      member.server().start();
    } catch (IOException | RuntimeException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new IOException(
          "the metadata's Raft log in "
              + options.folder()
              + " cannot be used ("
              + root.getMessage()
              + "): bring this node's folders back from a backup",
          e);
    }
  }

  /**
   * A failure inside Ratis closed the member while this node goes on: start it again from what is
   * on disk. Seen with 3.3.0: a leader that steps down while an entry of its own is being applied.
   */
  private synchronized void restart(MetadataStateMachine failed) {
    if (closed || member.machine() != failed) {
      return;
    }
    if (restarts++ == RESTARTS_MAX) {
      LOG.error("the metadata group failed {} times: restart this ConfigNode", restarts);
      return;
    }
    LOG.error("the metadata group failed, see above: it is started again");
    replaceMember();
  }

  private void replaceMember() {
    try {
      TimeUnit.MILLISECONDS.sleep(RESTART_PAUSE_MS);
      replacing = true;
      member.server().close();
      Member fresh = newMember();
      member = fresh;
      fresh.server().start();
    } catch (IOException e) {
      LOG.error("the metadata group does not start: restart this ConfigNode", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      replacing = false;
    }
  }

  /** For tests of what follows a failure. */
  RaftServer.Division division() throws IOException {
    return member.server().getDivision(groupId);
  }

  /** The image as of the last applied entry. */
  public ClusterImage image() {
    return member.machine().image();
  }

  /** The term this member leads in, if it leads and is ready to. */
  public OptionalLong leadingTerm() {
    long term = leadingTerm;
    return term == NOT_LEADING ? OptionalLong.empty() : OptionalLong.of(term);
  }

  /** Node id of the leader as last heard of. */
  public OptionalInt leaderNodeId() {
    try {
      RaftPeerId leader = division().getInfo().getLeaderId();
      return leader == null ? OptionalInt.empty() : OptionalInt.of(nodeId(leader));
    } catch (IOException e) {
      LOG.debug("no leader is known", e);
      return OptionalInt.empty();
    }
  }

  /** Node ids and Raft addresses of the voting members. */
  public Map<Integer, Address> members() throws IOException {
    Map<Integer, Address> members = new HashMap<>();
    for (RaftPeer peer : currentPeers()) {
      int colon = peer.getAddress().lastIndexOf(':');
      members.put(
          nodeId(peer.getId()),
          new Address(
              peer.getAddress().substring(0, colon),
              Integer.parseInt(peer.getAddress().substring(colon + 1))));
    }
    return members;
  }

  /** On the leader: milliseconds since each follower was last heard of, by node id. */
  public Map<Integer, Long> followerSilenceMs() throws IOException {
    Map<Integer, Long> silence = new HashMap<>();
    var role = division().getInfo().getRoleInfoProto();
    for (ServerRpcProto follower : role.getLeaderInfo().getFollowerInfoList()) {
      silence.put(
          nodeId(RaftPeerId.valueOf(follower.getId().getId())), follower.getLastRpcElapsedTimeMs());
    }
    return silence;
  }

  /**
   * Makes exactly these the voting members, at these addresses; returns once new ones have caught
   * up and the change is committed. Only the leader can.
   *
   * @throws IOException when it did not happen (yet): to be tried again
   */
  public void setMembers(Map<Integer, Address> wanted, long timeoutMs)
      throws IOException, InterruptedException {
    Map<Integer, Address> present = members();
    if (present.equals(wanted)) {
      return;
    }
    int priority = currentPeers().stream().mapToInt(RaftPeer::getPriority).max().orElse(0);
    if (present.keySet().equals(wanted.keySet())) {
      // Ratis takes a change of addresses alone for none: another priority, the same for all, is
      // one, and the addresses go with it.
      priority = 1 - Math.min(priority, 1);
    }
    List<RaftPeer> peers = new ArrayList<>();
    for (Map.Entry<Integer, Address> each : wanted.entrySet()) {
      peers.add(
          RaftPeer.newBuilder()
              .setId(peerId(each.getKey()))
              .setAddress(each.getValue().toString())
              .setPriority(priority)
              .build());
    }
    var request =
        new SetConfigurationRequest(
            clientId, self.getId(), groupId, callIds.incrementAndGet(), peers);
    await(
        member.server().setConfigurationAsync(request),
        timeoutMs,
        "the ConfigNodes that vote did not become " + wanted);
  }

  /**
   * Has another member lead; returns once it does. Only the leader can.
   *
   * @throws IOException when it did not happen
   */
  public void transferLeadership(int toNode, long timeoutMs)
      throws IOException, InterruptedException {
    var request =
        new TransferLeadershipRequest(
            clientId, self.getId(), groupId, callIds.incrementAndGet(), peerId(toNode), timeoutMs);
    await(
        member.server().transferLeadershipAsync(request),
        timeoutMs + TRANSFER_ANSWER_MS,
        "ConfigNode " + toNode + " did not take the lead");
  }

  private static void await(
      CompletableFuture<RaftClientReply> asked, long timeoutMs, String otherwise)
      throws IOException, InterruptedException {
    RaftClientReply reply;
    try {
      reply = asked.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(otherwise, e);
    }
    if (!reply.isSuccess()) {
      throw new IOException(otherwise, reply.getException());
    }
  }

  /**
   * Whether this member's vote counts, and no change of members is under way as far as it knows.
   * Until then the loss of one of the others may leave no majority.
   */
  public boolean votes() {
    try {
      RaftConfiguration now = division().getRaftConf();
      return now.getPreviousPeers().isEmpty()
          && now.getCurrentPeers().stream().anyMatch(peer -> peer.getId().equals(self.getId()));
    } catch (IOException e) {
      LOG.debug("the metadata group is not there yet", e);
      return false;
    }
  }

  private java.util.Collection<RaftPeer> currentPeers() throws IOException {
    return division().getRaftConf().getAllPeers(RaftPeerRole.FOLLOWER);
  }

  /**
   * Puts a proposal of this leader into the log and waits for what becomes of it.
   *
   * @throws UnknownOutcomeException when that cannot be told within {@code timeoutMs}
   */
  Outcome propose(Proposal proposal, long timeoutMs)
      throws UnknownOutcomeException, InterruptedException {
    var outcome = new CompletableFuture<Outcome>();
    awaited.put(proposal.id(), new Awaited(proposal.term(), outcome));
    try {
      submit(proposal, outcome);
      return outcome.get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new UnknownOutcomeException(
          "no majority of the ConfigNodes confirmed it in " + timeoutMs + " ms", e);
    } catch (ExecutionException | IOException e) {
      throw new UnknownOutcomeException("the metadata log failed", e);
    } finally {
      awaited.remove(proposal.id());
    }
  }

  private void submit(Proposal proposal, CompletableFuture<Outcome> outcome) throws IOException {
    var request =
        RaftClientRequest.newBuilder()
            .setClientId(clientId)
            .setServerId(self.getId())
            .setGroupId(groupId)
            .setCallId(callIds.incrementAndGet())
            .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(proposal.toBytes())))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    member
        .server()
        .submitClientRequestAsync(request)
        .whenComplete(
            (reply, error) -> {
              if (error != null) {
                outcome.completeExceptionally(error);
              } else if (neverAppended(reply)) {
                outcome.complete(Outcome.LOST);
              } else if (!reply.isSuccess()) {
                // A deposed leader's entry may yet be committed by its successor: the log tells.
                LOG.debug("proposal {} was answered {}", proposal.id(), reply);
              }
            });
  }

  private static boolean neverAppended(RaftClientReply reply) {
    return reply.getException() instanceof LeaderNotReadyException
        || reply.getException() instanceof ResourceUnavailableException;
  }

  @Override
  public void close() throws IOException {
    closed = true;
    leadingTerm = NOT_LEADING;
    synchronized (this) {
      member.server().close();
      addresses.close();
    }
  }

  private static RaftPeerId peerId(int nodeId) {
    return RaftPeerId.valueOf(PEER_PREFIX + nodeId);
  }

  private static int nodeId(RaftPeerId peer) {
    return Integer.parseInt(peer.toString().substring(PEER_PREFIX.length()));
  }

  /** Runs on Ratis's threads. */
  private final class Events implements MetadataStateMachine.Listener {
    private MetadataStateMachine machine;

    @Override
    public void reached(Proposal proposal, boolean took) {
      Awaited mine = awaited.get(proposal.id());
      if (mine != null) {
        mine.outcome().complete(took ? Outcome.TOOK_EFFECT : Outcome.PASSED_OVER);
      }
    }

    @Override
    public void termReached(long term) {
      for (Awaited mine : awaited.values()) {
        if (mine.term() < term) {
          mine.outcome().complete(Outcome.LOST);
        }
      }
    }

    @Override
    public void leaderReady() {
      try {
        long term = machine.getServer().join().getDivision(groupId).getInfo().getCurrentTerm();
        leadingTerm = term;
        leadership.leads(term);
      } catch (IOException e) {
        LOG.error("this ConfigNode was elected but its metadata group is gone", e);
      }
    }

    @Override
    public void leaderLost() {
      if (leadingTerm != NOT_LEADING) {
        leadingTerm = NOT_LEADING;
        leadership.ceased();
      }
    }

    @Override
    public void stopped() {
      leaderLost();
      if (!closed && !replacing) {
        Thread thread = new Thread(() -> restart(machine), "metadata-restart");
        thread.setDaemon(true);
        thread.start();
      }
    }
  }
}
