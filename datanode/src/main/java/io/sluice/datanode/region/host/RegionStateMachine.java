package io.sluice.datanode.region.host;

import io.sluice.common.status.StatusCode;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntryBytes;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.memtable.WrittenPoints;
import io.sluice.datanode.region.store.RegionStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotResult;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A region's store as Ratis drives it. The snapshot is the manifest, as of the last durable range;
 * what a peer needs of it the peer fetches itself. An entry is answered when it is in the memtable,
 * never later, since writers wait. An entry that this node cannot carry out is thrown: that closes
 * the region's server, and the entry is tried again at the next start.
 */
final class RegionStateMachine extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(RegionStateMachine.class);

  private final Host host;
  private volatile RegionStore store;

  /** An entry could not be applied since the replica is closing: nothing behind it is either. */
  private volatile boolean ended;

  /** The replica behind it. Called on Ratis's threads: only {@link #reopen} may block. */
  interface Host {
    RegionStore store();

    /**
     * Closes the store and opens it as it is on disk, a peer's image that arrived put in place.
     *
     * @return the store from now on
     */
    RegionStore reopen() throws IOException;

    /** Whether whoever waits in the store has been let go, so that the group's server can end. */
    boolean closing();

    /** After an entry that may have closed a range. */
    void rangeClosed();

    /** This replica leads and has applied everything before its term. */
    void ready();

    void lost();

    /** Nothing can be written to the log any more, and what waits for it waits for ever. */
    void logFailed();

    /**
     * The leader's log begins at {@code firstIndex}: fetches its image.
     *
     * @return completes with what arrived whole, null when the log here goes on to there anyway
     */
    CompletableFuture<TermIndex> becomeLike(int leader, long firstIndex);

    /** Raft has seen what {@link #becomeLike} completed with. */
    void answerTaken();
  }

  RegionStateMachine(Host host) {
    this.host = host;
    take(host.store());
  }

  private void take(RegionStore from) {
    RegionImage durable = from.durable();
    if (durable.index() != RegionImage.NOTHING) {
      setLastAppliedTermIndex(TermIndex.valueOf(durable.term(), durable.index()));
    }
    store = from;
    ended = false;
  }

  @Override
  public void initialize(RaftServer raftServer, RaftGroupId groupId, RaftStorage storage)
      throws IOException {
    getLifeCycle()
        .startAndTransition(
            () -> super.initialize(raftServer, groupId, storage), IOException.class);
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    return TransactionContext.newBuilder()
        .setStateMachine(this)
        .setClientRequest(request)
        .setStateMachineContext(request.getMessage())
        .build();
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto raftEntry = transaction.getLogEntry();
    long term = raftEntry.getTerm();
    long index = raftEntry.getIndex();
    if (ended) {
      return notApplied();
    }
    try {
      LogEntry entry;
      List<WrittenPoints> points = null;
      if (transaction.getStateMachineContext() instanceof EncodedEntry proposed) {
        entry = proposed.entry();
        points = proposed.points();
      } else {
        ByteString bytes = raftEntry.getStateMachineLogEntry().getLogData();
        entry = LogEntryBytes.decode(bytes.asReadOnlyByteBuffer());
      }
      ApplyResult result = store.apply(term, index, entry, points);
      updateLastAppliedTermIndex(term, index);
      if (!(entry instanceof LogEntry.InsertTablet)) {
        host.rangeClosed();
      }
      return CompletableFuture.completedFuture(new ResultMessage(result));
    } catch (IOException e) {
      if (host.closing()) {
        return end(index, e);
      }
      stop(index);
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      stop(index);
      throw e;
    }
  }

  /**
   * Ratis's updater must not see a failure while it is being stopped: it would spin for ever. It
   * counts the entries from here on as applied, but nobody ever hears of it: the next start goes on
   * from the manifest.
   */
  private CompletableFuture<Message> end(long index, IOException why) {
    ended = true;
    host.lost();
    LOG.info(
        "Region {} of {} is closing; log entry {} is applied when it opens again: {}",
        store.identity().regionId(),
        store.identity().database(),
        index,
        why.toString());
    return notApplied();
  }

  private static CompletableFuture<Message> notApplied() {
    return CompletableFuture.completedFuture(
        new ResultMessage(
            new ApplyResult.Unavailable(StatusCode.REGION_NOT_HERE, "the region is closing")));
  }

  /** Ratis logs what is thrown and closes the region's server; this says which region it was. */
  private void stop(long index) {
    LOG.error(
        "Region {} of {} stops: log entry {} cannot be applied",
        store.identity().regionId(),
        store.identity().database(),
        index);
    host.lost();
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    if (ended) {
      return;
    }
    store.passed(term, index);
    super.notifyTermIndexUpdated(term, index);
  }

  /** Not asked for: the log is told of the manifest, and purged, by the replica. */
  @Override
  public long takeSnapshot() {
    return RegionImage.NOTHING;
  }

  /** Who asks whether this replica leads needs no more than to have been answered. */
  @Override
  public CompletableFuture<Message> query(Message request) {
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex first) {
    RaftPeerId leader = RaftPeerId.valueOf(role.getFollowerInfo().getLeaderInfo().getId().getId());
    return host.becomeLike(PeerNames.nodeId(leader), first.getIndex());
  }

  @Override
  public void notifySnapshotInstalled(
      InstallSnapshotResult result, long snapshotIndex, RaftPeer peer) {
    host.answerTaken();
  }

  /** Ratis asks for this before {@link #reinitialize}. */
  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    getLifeCycle().startAndTransition(() -> take(host.reopen()), IOException.class);
  }

  @Override
  public SnapshotInfo getLatestSnapshot() {
    RegionImage durable = store.durable();
    return durable.index() == RegionImage.NOTHING
        ? null
        : new ManifestSnapshot(TermIndex.valueOf(durable.term(), durable.index()));
  }

  /** The manifest and its files stay where they are: a snapshot is never shipped by Ratis. */
  private record ManifestSnapshot(TermIndex at) implements SnapshotInfo {
    @Override
    public TermIndex getTermIndex() {
      return at;
    }

    @Override
    public List<FileInfo> getFiles() {
      return List.of();
    }
  }

  /** Also when Ratis closes the group by a fault of its own. */
  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    host.lost();
  }

  /** Told again for each entry that was on its way. */
  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    LOG.error(
        "Region {} of {} stops: its log cannot be written; mend its disk",
        store.identity().regionId(),
        store.identity().database(),
        cause);
    host.logFailed();
  }

  @Override
  public void notifyLeaderReady() {
    if (ended) {
      return; // staged files that a leader needs no more are needed still by what was not applied
    }
    host.ready();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    if (!member.getPeerId().equals(leader)) {
      host.lost();
    }
  }
}
