package io.sluice.sync.receiver.net;

import io.netty.buffer.ByteBuf;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionCore;
import io.sluice.sync.receiver.core.SessionEffect;
import io.sluice.sync.receiver.core.SessionEvent;
import io.sluice.sync.receiver.core.SessionPositions;
import io.sluice.sync.receiver.port.DatabaseImpossibleException;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One sender's connection, after the opening: sees who it is, answers its questions, and carries
 * out what its {@link SessionCore} wants done. Every method runs as a task of the session's own
 * lane, one at a time; they may block.
 */
public final class ReceiverSession {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private final SessionHost host;
  private final Executor lane;
  private final Replies replies;
  private final InetSocketAddress sender;
  private final String senderAddress;
  private final SenderIdentity identity;
  private final DigestDesk digests;
  private final MendDesk mends;
  private final SessionCore core;
  private final StagedPieces staged;

  /** What the core has not heard of yet; never more than the effects of one step. */
  private final Queue<SessionEvent> events = new ArrayDeque<>();

  private boolean stepping;

  /** Null until a handshake has succeeded. */
  private Feeding feeding;

  /** What a session has that feeds from a source. */
  private record Feeding(Source source, SessionLedger ledger, PieceParts parts) {}

  /**
   * @param version of the protocol that this connection speaks
   */
  ReceiverSession(
      SessionHost host, Executor lane, Replies replies, InetSocketAddress sender, int version) {
    UUID cluster = host.cluster().clusterId();
    this.host = host;
    this.lane = lane;
    this.replies = replies;
    this.sender = sender;
    this.senderAddress = sender.getAddress().getHostAddress();
    this.identity = new SenderIdentity(host.users(), cluster, senderAddress, version);
    Askers askers = new Askers(host);
    this.digests = new DigestDesk(host, askers, version);
    this.mends = new MendDesk(host, askers, version);
    this.core = new SessionCore(host.options(), cluster, version);
    this.staged = new StagedPieces(host.staging());
  }

  // ---------------------------------------------------------------- what happens

  void receive(Frame.FromSender frame) {
    if (!core.over()) {
      guarded(() -> answer(frame));
    }
  }

  private void answer(Frame.FromSender frame) throws TargetUnavailableException, IOException {
    if (frame instanceof Frame.Identify identify) {
      say(identity.identify(identify));
    } else if (frame instanceof Frame.Proof proof) {
      say(identity.prove(proof));
    } else if (!mayGoOn()) {
      return;
    } else if (DigestDesk.isFor(frame)) {
      say(digests.answer(frame));
    } else if (MendDesk.isFor(frame)) {
      say(mends.answer(frame));
    } else {
      happened(new SessionEvent.Received(frame));
    }
  }

  /** Also of a session that has been let in: users change, and so does whether one is needed. */
  private boolean mayGoOn() {
    Frame.Refused missing = identity.missing();
    if (missing != null) {
      say(missing);
    }
    return missing == null;
  }

  private void say(Frame.FromReceiver frame) {
    if (frame instanceof Frame.Refused refused) {
      happened(new SessionEvent.Failed(refused.code(), refused.text()));
    } else {
      replies.send(frame);
    }
  }

  /** Takes over {@code content} and releases it. */
  void content(ByteBuf content) {
    try {
      guarded(() -> staged.content(content).ifPresent(this::happened));
    } finally {
      content.release();
    }
  }

  /** Now and then: the lagging ledger, files that wait for room, what takes too long. */
  void tick() {
    if (core.open() && mayGoOn()) {
      guarded(this::lookAround);
    }
  }

  private void lookAround() {
    feeding.ledger().tick().ifPresent(why -> happened(new SessionEvent.LedgerLost(why)));
    happened(new SessionEvent.RoomAgain());
    happened(new SessionEvent.Tick());
  }

  /** From another session's lane: this one's sender has come back over another connection. */
  private void superseded() {
    lane.execute(() -> happened(new SessionEvent.Superseded()));
  }

  /** The connection is gone. What is being applied is finished; the rest stays in staging. */
  void disconnected() {
    happened(new SessionEvent.Disconnected());
  }

  // ---------------------------------------------------------------- what is done about it

  /** Does what the core wants done about it, and about what comes of that. */
  private void happened(SessionEvent event) {
    events.add(event);
    if (stepping) {
      return;
    }
    stepping = true;
    try {
      for (SessionEvent next = events.poll(); next != null; next = events.poll()) {
        for (SessionEffect effect : core.step(next, host.clock().nowMs())) {
          guarded(() -> carryOut(effect));
        }
      }
    } finally {
      stepping = false;
    }
    if (core.over()) {
      mends.close();
    }
  }

  private interface Deed {
    void run() throws TargetUnavailableException, IOException;
  }

  /** What cannot be done ends the session. */
  private void guarded(Deed deed) {
    try {
      deed.run();
    } catch (TargetUnavailableException e) {
      happened(new SessionEvent.Failed(Refusal.UNAVAILABLE, e.getMessage()));
    } catch (IOException e) {
      LOG.error("staging failed for {}", senderAddress, e);
      happened(new SessionEvent.Failed(Refusal.UNAVAILABLE, "staging: " + e.getMessage()));
    } catch (RuntimeException e) {
      LOG.error("a fault of this receiver's, with {}", senderAddress, e);
      happened(new SessionEvent.Failed(Refusal.UNAVAILABLE, "a fault of the receiver's: " + e));
    }
  }

  private void carryOut(SessionEffect effect) throws TargetUnavailableException, IOException {
    if (effect instanceof SessionEffect.Send send) {
      replies.send(send.frame());
    } else if (effect instanceof SessionEffect.SendAndClose send) {
      logLast(send.last());
      replies.sendAndClose(send.last());
    } else if (effect instanceof SessionEffect.Open open) {
      open(open.hello());
    } else if (effect instanceof SessionEffect.Leave) {
      leave();
    } else if (effect instanceof SessionEffect.WriteLedger) {
      feeding.ledger().writeIfChanged();
      happened(new SessionEvent.LedgerWritten());
    } else if (effect instanceof SessionEffect.HeedNotice heed) {
      NoticeDesk.heed(host, heed.notice(), senderAddress);
      happened(new SessionEvent.NoticeHeeded(heed.notice().pipeNumber()));
    } else if (effect instanceof SessionEffect.Admit admit) {
      happened(staged.admit(feeding.source(), admit.begin()));
    } else if (effect instanceof SessionEffect.TakeContent take) {
      staged.expect(take.chunk(), take.packed());
    } else if (effect instanceof SessionEffect.Finish finish) {
      happened(staged.finish(finish.end()));
    } else if (effect instanceof SessionEffect.Split split) {
      feeding.parts().split(split.begin(), staged.path(split.begin().end()), split.without());
    } else if (effect instanceof SessionEffect.Load load) {
      feeding.parts().load(load.end(), load.via(), load.steps());
    } else if (effect instanceof SessionEffect.Release release) {
      staged.release(release.end());
    } else if (effect instanceof SessionEffect.Discard discard) {
      staged.discard(discard.end());
    } else if (effect instanceof SessionEffect.Log log) {
      LOG.info("{}", log.text());
    }
  }

  private void logLast(Frame.FromReceiver last) {
    if (last instanceof Frame.Refused refused) {
      LOG.info("refused {}: {} ({})", senderAddress, refused.text(), refused.code());
    } else if (last instanceof Frame.Conflict conflict) {
      SeriesConflict first = conflict.series().get(0);
      LOG.warn(
          "{} series from {} differ from the schema here, such as {}.{}: {}",
          conflict.series().size(),
          senderAddress,
          first.device(),
          first.measurement(),
          first.reason());
    }
  }

  private void open(Frame.Hello hello) throws TargetUnavailableException {
    ReceiverSession living = host.feeding().get(hello.source());
    try {
      SessionOpening opening =
          SessionOpening.shakeHands(host, hello, sender, living == null ? null : living.sender);
      if (opening instanceof SessionOpening.Refused refused) {
        happened(new SessionEvent.Failed(refused.code(), refused.text()));
      } else if (opening instanceof SessionOpening.Opened opened) {
        feed(opened, hello);
      }
    } catch (DatabaseImpossibleException e) {
      LOG.warn("pipe {} from {}: {}", hello.pipeName(), senderAddress, e.getMessage());
      happened(new SessionEvent.Failed(Refusal.DATABASE, e.getMessage()));
    }
  }

  private void feed(SessionOpening.Opened opened, Frame.Hello hello) {
    Ledger ledger = opened.ledger();
    var positions = new SessionPositions(opened.timeline(), opened.start());
    feeding =
        new Feeding(
            ledger.source(),
            new SessionLedger(host, opened.home(), ledger, positions, senderAddress),
            new PieceParts(host, lane, ledger, this::happened));
    Optional.ofNullable(host.feeding().put(ledger.source(), this))
        .ifPresent(ReceiverSession::superseded);
    boolean parted = opened.start().parted();
    LOG.info(
        "pipe {} ({}) from {}: source {} into {}, {} target(s), start at {}{}",
        hello.pipeName(),
        hello.pipeNumber(),
        senderAddress,
        ledger.source().regionId(),
        ledger.pipe().database(),
        ledger.targets().size(),
        ledger.position(),
        parted ? ", its lineage parted" : "");
    happened(new SessionEvent.Opened(positions, ledger, parted, host.cluster().clientAddresses()));
  }

  private void leave() {
    staged.expectNothing();
    if (feeding != null) {
      host.feeding().remove(feeding.source(), this);
    }
  }
}
