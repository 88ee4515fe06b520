package io.sluice.datanode.region.host;

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
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A region's store as Ratis drives it. The snapshot is the manifest: its index moves, inside {@link
 * #takeSnapshot} only, to the end of the last durable range. An entry is answered when it is in the
 * memtable, never later, since a snapshot waits for all answers. An entry that this node cannot
 * carry out is thrown: that closes the region's server, and the entry is tried again at the next
 * start.
 */
final class RegionStateMachine extends BaseStateMachine {
  private static final Logger LOG = LoggerFactory.getLogger(RegionStateMachine.class);

  private final RegionStore store;
  private final Leadership leadership;
  private final Runnable rangeClosed;
  private volatile TermIndex snapshot;

  /** Who leads, as this replica learns it. Called on Ratis's threads: must not block. */
  interface Leadership {
    /** This replica leads and has applied everything before its term. */
    void ready();

    void lost();

    /** Nothing can be written to the log any more, and what waits for it waits for ever. */
    void logFailed();
  }

  /**
   * @param rangeClosed run after an entry that may have closed a range; must not block
   */
  RegionStateMachine(RegionStore store, Leadership leadership, Runnable rangeClosed) {
    this.store = store;
    this.leadership = leadership;
    this.rangeClosed = rangeClosed;
    RegionImage durable = store.durable();
    if (durable.index() != RegionImage.NOTHING) {
      this.snapshot = TermIndex.valueOf(durable.term(), durable.index());
      setLastAppliedTermIndex(snapshot);
    }
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
        rangeClosed.run();
      }
      return CompletableFuture.completedFuture(new ResultMessage(result));
    } catch (IOException e) {
      stop(index);
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      stop(index);
      throw e;
    }
  }

  /** Ratis logs what is thrown and closes the region's server; this says which region it was. */
  private void stop(long index) {
    LOG.error(
        "Region {} of {} stops: log entry {} cannot be applied",
        store.identity().regionId(),
        store.identity().database(),
        index);
    leadership.lost();
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    store.passed(term, index);
    super.notifyTermIndexUpdated(term, index);
  }

  @Override
  public long takeSnapshot() {
    RegionImage durable = store.durable();
    if (durable.index() == RegionImage.NOTHING) {
      return RegionImage.NOTHING;
    }
    snapshot = TermIndex.valueOf(durable.term(), durable.index());
    return durable.index();
  }

  @Override
  public SnapshotInfo getLatestSnapshot() {
    TermIndex at = snapshot;
    return at == null ? null : new ManifestSnapshot(at);
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
    leadership.lost();
  }

  /** Told again for each entry that was on its way. */
  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto entry) {
    LOG.error(
        "Region {} of {} stops: its log cannot be written; mend its disk, then restart this node",
        store.identity().regionId(),
        store.identity().database(),
        cause);
    leadership.logFailed();
  }

  @Override
  public void notifyLeaderReady() {
    leadership.ready();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    if (!member.getPeerId().equals(leader)) {
      leadership.lost();
    }
  }
}
