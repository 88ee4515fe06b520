package io.sluice.confignode.raft;

import io.sluice.common.file.DurableFiles;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.format.Proposal;
import io.sluice.confignode.format.SnapshotBytes;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.LifeCycle;
import org.apache.ratis.util.MD5FileUtil;

/**
 * Replays log entries into the image. Applied on Ratis's updater thread; {@link #image()} may be
 * read from any thread.
 */
final class MetadataStateMachine extends BaseStateMachine {
  /** What the rest of the node hears of; called on Ratis's threads, must return soon. */
  interface Listener {
    /** An entry was reached. {@code took} is false when it was passed over. */
    void reached(Proposal proposal, boolean took);

    /** Entries of this term are being applied: unseen ones of lower terms will never be. */
    void termReached(long term);

    /** This member leads and has applied everything that was committed before. */
    void leaderReady();

    void leaderLost();

    /** The member was closed, by us or by a failure inside Ratis. */
    void stopped();
  }

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final Listener listener;
  private volatile ClusterImage image = ClusterImage.EMPTY;

  MetadataStateMachine(Listener listener) {
    this.listener = listener;
  }

  ClusterImage image() {
    return image;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage)
      throws IOException {
    getLifeCycle()
        .startAndTransition(
            () -> {
              super.initialize(server, groupId, raftStorage);
              storage.init(raftStorage);
              loadSnapshot();
            });
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    storage.loadLatestSnapshot();
    loadSnapshot();
    if (getLifeCycleState() == LifeCycle.State.PAUSED) {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    }
  }

  private void loadSnapshot() throws IOException {
    SingleFileSnapshotInfo snapshot = storage.getLatestSnapshot();
    if (snapshot == null) {
      return;
    }
    var path = snapshot.getFile().getPath();
    image = SnapshotBytes.read(Files.readAllBytes(path), path.toString());
    setLastAppliedTermIndex(snapshot.getTermIndex());
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  /**
   * @throws UncheckedIOException when the entry is damaged or of a newer release: that stops this
   *     member, since passing over it alone would part it from the others
   */
  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    Proposal proposal;
    try {
      proposal =
          Proposal.fromBytes(
              entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer(),
              "metadata log entry " + entry.getIndex());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    boolean takes =
        proposal.term() == entry.getTerm() && proposal.baseRevision() == image.revision();
    if (takes) {
      image = image.replay(proposal.records()).nextRevision();
    }
    updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    listener.termReached(entry.getTerm());
    listener.reached(proposal, takes);
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    super.notifyTermIndexUpdated(term, index);
    listener.termReached(term);
  }

  /** Called by Ratis on the updater thread: nothing is applied meanwhile. */
  @Override
  public long takeSnapshot() throws IOException {
    TermIndex last = getLastAppliedTermIndex();
    if (last == null || last.getIndex() < 0) {
      return -1;
    }
    File file = storage.getSnapshotFile(last.getTerm(), last.getIndex());
    DurableFiles.replace(file.toPath(), SnapshotBytes.of(image));
    MD5Hash md5 = MD5FileUtil.computeAndSaveMd5ForFile(file);
    storage.updateLatestSnapshot(
        new SingleFileSnapshotInfo(new FileInfo(file.toPath(), md5), last));
    return last.getIndex();
  }

  @Override
  public void notifyLeaderReady() {
    listener.leaderReady();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    listener.leaderLost();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    if (!leader.equals(member.getPeerId())) {
      listener.leaderLost();
    }
  }

  @Override
  public void close() throws IOException {
    super.close();
    listener.stopped();
  }
}
