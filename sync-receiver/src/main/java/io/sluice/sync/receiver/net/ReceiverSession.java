package io.sluice.sync.receiver.net;

import io.netty.buffer.ByteBuf;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.Bringers;
import io.sluice.sync.receiver.core.SessionPositions;
import io.sluice.sync.receiver.port.DatabaseImpossibleException;
import io.sluice.sync.receiver.port.TargetRegion;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sender's connection, after the opening: handshake, then pieces in order. Every method runs as
 * a task of the session's own lane, one at a time; they may block.
 */
public final class ReceiverSession {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  /** Of a pipe or a database: they are kept in ledgers. */
  private static final int NAME_CHARS_MAX = 4_096;

  /** Between two words that a piece is being worked on. */
  private static final long PATIENCE_MS = 2_000;

  private final SessionHost host;
  private final Executor lane;
  private final Replies replies;
  private final InetSocketAddress sender;
  private final String senderAddress;
  private final SenderIdentity identity;
  private final int version;
  private final DigestDesk digests;

  /** Null until a handshake has succeeded. */
  private OpenSession open;

  /** Null until a HELLO has named it. */
  private Source source;

  /** When it was asked for last, or there was no need to. */
  private long patienceAskedAtMs;

  private boolean ended;

  /**
   * @param version of the protocol that this connection speaks
   */
  ReceiverSession(
      SessionHost host, Executor lane, Replies replies, InetSocketAddress sender, int version) {
    this.sender = sender;
    this.senderAddress = sender.getAddress().getHostAddress();
    this.identity =
        new SenderIdentity(host.users(), host.cluster().clusterId(), senderAddress, version);
    this.digests = new DigestDesk(host, version);
    this.host = host;
    this.version = version;
    this.lane = lane;
    this.replies = replies;
  }

  void receive(Frame.FromSender frame) {
    if (ended) {
      return;
    }
    try {
      if (frame instanceof Frame.Identify identify) {
        answer(identity.identify(identify));
      } else if (frame instanceof Frame.Proof proof) {
        answer(identity.prove(proof));
      } else if (!mayGoOn()) {
        return;
      } else if (frame instanceof Frame.Hello hello) {
        hello(hello);
      } else if (frame instanceof Frame.Notice notice) {
        notice(notice);
      } else if (DigestDesk.isFor(frame)) {
        answer(digests.answer(frame));
      } else if (open == null) {
        refuse(Refusal.PROTOCOL, frame.getClass().getSimpleName() + " before HELLO");
      } else {
        open.pieces().receive(frame);
      }
    } catch (TargetUnavailableException e) {
      refuse(Refusal.UNAVAILABLE, e.getMessage());
    } catch (IOException e) {
      LOG.error("staging failed for {}", senderAddress, e);
      refuse(Refusal.UNAVAILABLE, "staging: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a fault of this receiver's, with a frame of {}", senderAddress, e);
      refuse(Refusal.UNAVAILABLE, "a fault of the receiver's: " + e);
    }
  }

  /** Also of a session that has been let in: users change, and so does whether one is needed. */
  private boolean mayGoOn() {
    Frame.Refused missing = identity.missing();
    if (missing != null) {
      answer(missing);
    }
    return missing == null;
  }

  private void answer(Frame.FromReceiver frame) {
    if (frame instanceof Frame.Refused refused) {
      refuse(refused.code(), refused.text());
    } else {
      replies.send(frame);
    }
  }

  /** Takes over {@code content} and releases it. */
  void content(ByteBuf content) {
    try {
      if (!ended && open != null) {
        open.pieces().content(content);
      }
    } catch (IOException e) {
      LOG.error("staging failed for {}", senderAddress, e);
      refuse(Refusal.UNAVAILABLE, "staging: " + e.getMessage());
    } finally {
      content.release();
    }
  }

  private void hello(Frame.Hello hello) throws TargetUnavailableException {
    if (open != null) {
      refuse(Refusal.PROTOCOL, "a second HELLO");
      return;
    }
    UUID here = host.cluster().clusterId();
    if (hello.source().clusterId().equals(here)) {
      refuse(Refusal.SAME_CLUSTER, "sender and receiver are one cluster, " + here);
      return;
    }
    if (hello.pipeName().length() > NAME_CHARS_MAX || hello.database().length() > NAME_CHARS_MAX) {
      refuse(Refusal.PROTOCOL, "a name of more than " + NAME_CHARS_MAX + " characters");
      return;
    }
    if (hello.precision() != Frame.Hello.PRECISION_MS) {
      refuse(Refusal.PRECISION, "time stamp precision " + hello.precision() + ", ours is ms");
      return;
    }
    source = hello.source();
    ReceiverSession living = host.feeding().get(source);
    try {
      welcome(
          SessionOpening.shakeHands(host, hello, sender, living == null ? null : living.sender),
          hello);
    } catch (DatabaseImpossibleException e) {
      LOG.warn("pipe {} from {}: {}", hello.pipeName(), senderAddress, e.getMessage());
      refuse(Refusal.DATABASE, e.getMessage());
    }
  }

  private void welcome(SessionOpening opening, Frame.Hello hello) {
    if (opening instanceof SessionOpening.Refused refused) {
      refuse(refused.code(), refused.text());
    } else if (opening instanceof SessionOpening.Opened opened) {
      var positions = new SessionPositions(opened.timeline(), opened.start());
      SessionLedger ledger =
          new SessionLedger(host, opened.home(), opened.ledger(), positions, senderAddress);
      PieceQueue pieces = new PieceQueue(host, lane, this, positions, opened.ledger());
      open = new OpenSession(ledger, pieces);
      ReceiverSession former = host.feeding().put(source, this);
      if (former != null) {
        former.superseded();
      }
      Ledger now = opened.ledger();
      LOG.info(
          "pipe {} ({}) from {}: source {} into {}, {} target(s), start at {}{}",
          hello.pipeName(),
          hello.pipeNumber(),
          senderAddress,
          hello.source().regionId(),
          now.pipe().database(),
          now.targets().size(),
          now.position(),
          opened.start().parted() ? ", its lineage parted" : "");
      replies.send(
          new Frame.Welcome(
              now.session(),
              now.position(),
              opened.start().parted(),
              host.cluster().clientAddresses()));
    }
  }

  private record OpenSession(SessionLedger ledger, PieceQueue pieces) {}

  private void notice(Frame.Notice notice) throws TargetUnavailableException, IOException {
    if (open != null && source.equals(notice.source())) {
      open.ledger().writeIfChanged();
      // From here on the row is the notice's to write.
      end();
    }
    LOG.info(
        "pipe number {} from {}: {} of source {}",
        notice.pipeNumber(),
        senderAddress,
        notice.what(),
        notice.source().regionId());
    if (notice.what() == Frame.Notice.What.DROP) {
      host.staging().forget(notice.source());
    }
    var database = host.cluster().existingDatabase(notice.database());
    if (database.isPresent()) {
      List<TargetRegion> targets = host.cluster().targets(database.get());
      if (notice.what() == Frame.Notice.What.DROP) {
        forget(targets, notice);
      } else {
        SessionLedger.writeStopped(host, targets, notice);
      }
    }
    replies.send(new Frame.NoticeDone(notice.pipeNumber()));
  }

  /** A pipe that never fed from this source leaves the one alone that does. */
  private static void forget(List<TargetRegion> targets, Frame.Notice notice)
      throws TargetUnavailableException {
    Ledger ledger = targets.isEmpty() ? null : targets.get(0).recall(notice.source()).ledger();
    if (ledger == null || ledger.pipeNumber() == notice.pipeNumber()) {
      for (TargetRegion target : targets) {
        target.forget(notice.source(), notice.pipeNumber());
      }
    }
  }

  /** Now and then: the lagging ledger, files that wait for room. */
  void tick() {
    if (ended || open == null || !mayGoOn()) {
      return;
    }
    try {
      Optional<String> over = open.ledger().tick();
      if (over.isPresent()) {
        refuse(Refusal.SHAKE_AGAIN, over.get());
        return;
      }
      open.pieces().admitWaiting();
      open.pieces().endOverdueLoad();
      askPatience();
    } catch (IOException e) {
      LOG.error("staging failed for {}", senderAddress, e);
      refuse(Refusal.UNAVAILABLE, "staging: " + e.getMessage());
    }
  }

  /** What takes long here is not taken for a receiver that is stuck. */
  private void askPatience() {
    long nowMs = host.clock().nowMs();
    if (ended || !open.pieces().working()) {
      patienceAskedAtMs = nowMs;
    } else if (nowMs - patienceAskedAtMs >= PATIENCE_MS) {
      patienceAskedAtMs = nowMs;
      replies.send(new Frame.Wait());
    }
  }

  /** Tells the sender why, and ends. */
  void refuse(Refusal code, String text) {
    if (!ended) {
      LOG.info("refused {}: {} ({})", senderAddress, text, code);
      replies.sendAndClose(new Frame.Refused(code, text));
      end();
    }
  }

  /** Tells the sender what is in the way of a piece, and ends. */
  void conflict(long end, List<SeriesConflict> series) {
    if (!ended) {
      LOG.warn(
          "{} series from {} differ from the schema here, such as {}.{}: {}",
          series.size(),
          senderAddress,
          series.get(0).device(),
          series.get(0).measurement(),
          series.get(0).reason());
      replies.sendAndClose(new Frame.Conflict(end, series));
      end();
    }
  }

  void applied(long position) {
    if (!ended) {
      replies.send(new Frame.Applied(position));
    }
  }

  /** Both are kept; the sender is to know. */
  void shared(Bringers.Shared shared) {
    if (!ended && version >= Opening.VERSION_SHARED) {
      replies.send(new Frame.Shared(shared.device(), shared.otherClusterId()));
    }
  }

  void accept(long end, long heldBytes) {
    replies.send(new Frame.FileAccept(end, heldBytes));
  }

  /** From another session's lane: this one's sender has come back over another connection. */
  private void superseded() {
    lane.execute(() -> refuse(Refusal.SHAKE_AGAIN, "the source is fed over another connection"));
  }

  /** The connection is gone. What is being applied is finished; the rest stays in staging. */
  void disconnected() {
    end();
    if (open != null) {
      open.ledger().tryWriteIfChanged();
    }
  }

  private void end() {
    if (ended) {
      return;
    }
    ended = true;
    if (source != null) {
      host.feeding().remove(source, this);
    }
    if (open != null) {
      open.pieces().end();
    }
  }
}
