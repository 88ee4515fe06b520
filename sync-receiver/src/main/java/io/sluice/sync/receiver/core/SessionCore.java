package io.sluice.sync.receiver.core;

import io.sluice.common.sync.SharedDevice;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.SyncReceiverOptions;
import java.util.List;
import java.util.UUID;

/**
 * One sender's connection, once it is let in, as a state machine: what is allowed when, what is
 * refused and why, what to do next. Does no I/O and reads no clock; owned by one thread. A session
 * keeps nothing that must survive: records and ledger are the targets'.
 */
public final class SessionCore {
  /** Of a pipe or a database: they are kept in ledgers. */
  private static final int NAME_CHARS_MAX = 4_096;

  /** Between two words that a piece is being worked on. */
  private static final long PATIENCE_MS = 2_000;

  private final SyncReceiverOptions options;
  private final UUID cluster;
  private final int version;
  private final Outbox out = new Outbox();

  private Phase phase = Phase.GREETED;

  /** Null until a HELLO has named it. */
  private Source source;

  /** Null until a handshake has succeeded. */
  private PieceFlow pieces;

  /** It waits for this session's ledger to be written; null for none. */
  private Frame.Notice notice;

  /** When it was asked for last, or there was no need to. */
  private long patienceAskedAtMs;

  private enum Phase {
    /** No HELLO has come. */
    GREETED,
    /** Hands are being shaken. */
    OPENING,
    OPEN,
    /** It feeds no more, and takes no frames. Loads that have begun are finished. */
    OVER
  }

  /**
   * @param cluster the one this receiver is of
   * @param version of the protocol that the connection speaks
   */
  public SessionCore(SyncReceiverOptions options, UUID cluster, int version) {
    this.options = options;
    this.cluster = cluster;
    this.version = version;
  }

  /** What to do now; in this order. */
  public List<SessionEffect> step(SessionEvent event, long nowMs) {
    if (event instanceof SessionEvent.Received received) {
      received(received.frame(), nowMs);
    } else if (event instanceof SessionEvent.Opened opened) {
      opened(opened);
    } else if (event instanceof SessionEvent.Failed failed) {
      failed(failed);
    } else if (event instanceof SessionEvent.Superseded) {
      lose("the source is fed over another connection");
    } else if (event instanceof SessionEvent.LedgerLost lost) {
      lose(lost.text());
    } else if (event instanceof SessionEvent.LedgerWritten) {
      heedNotice();
    } else if (event instanceof SessionEvent.NoticeHeeded heeded) {
      out.say(new Frame.NoticeDone(heeded.pipeNumber()));
    } else if (event instanceof SessionEvent.DeviceShared device) {
      shared(device.shared());
    } else if (event instanceof SessionEvent.Tick) {
      tick(nowMs);
    } else if (event instanceof SessionEvent.Disconnected) {
      disconnected();
    } else if (pieces != null) {
      move(event, nowMs);
    }
    if (out.closed()) {
      leave();
    }
    return out.take();
  }

  // ---------------------------------------------------------------- what the sender says

  private void received(Frame.FromSender frame, long nowMs) {
    if (phase == Phase.OVER) {
      return;
    }
    if (frame instanceof Frame.Hello hello) {
      hello(hello);
    } else if (frame instanceof Frame.Notice told) {
      notice = told;
      if (phase == Phase.OPEN && source.equals(told.source())) {
        out.want(new SessionEffect.WriteLedger());
      } else {
        heedNotice();
      }
    } else if (phase != Phase.OPEN) {
      out.refuse(Refusal.PROTOCOL, frame.getClass().getSimpleName() + " before HELLO");
    } else {
      pieces.receive(frame, nowMs);
    }
  }

  private void hello(Frame.Hello hello) {
    if (phase != Phase.GREETED) {
      out.refuse(Refusal.PROTOCOL, "a second HELLO");
    } else if (hello.source().clusterId().equals(cluster)) {
      out.refuse(Refusal.SAME_CLUSTER, "sender and receiver are one cluster, " + cluster);
    } else if (hello.pipeName().length() > NAME_CHARS_MAX
        || hello.database().length() > NAME_CHARS_MAX) {
      out.refuse(Refusal.PROTOCOL, "a name of more than " + NAME_CHARS_MAX + " characters");
    } else if (hello.precision() != Frame.Hello.PRECISION_MS) {
      out.refuse(Refusal.PRECISION, "time stamp precision " + hello.precision() + ", ours is ms");
    } else {
      phase = Phase.OPENING;
      source = hello.source();
      out.want(new SessionEffect.Open(hello));
    }
  }

  private void opened(SessionEvent.Opened opened) {
    phase = Phase.OPEN;
    pieces = new PieceFlow(options.loadMsMax(), opened.positions(), opened.ledger(), out);
    out.say(
        new Frame.Welcome(
            opened.ledger().session(),
            opened.ledger().position(),
            opened.parted(),
            opened.receivers()));
  }

  /** The ledger has all that this session applied: from here on it is the notice's to write. */
  private void heedNotice() {
    Frame.Notice heeded = notice;
    notice = null;
    if (heeded != null) {
      if (phase == Phase.OPEN && source.equals(heeded.source())) {
        leave();
      }
      out.want(new SessionEffect.HeedNotice(heeded));
    }
  }

  // ---------------------------------------------------------------- pieces

  private void move(SessionEvent event, long nowMs) {
    if (event instanceof SessionEvent.RoomAgain) {
      pieces.admitWaiting(nowMs);
    } else if (event instanceof SessionEvent.Admitted admitted) {
      pieces.admitted(admitted.end(), admitted.heldBytes(), nowMs);
    } else if (event instanceof SessionEvent.NoRoom none) {
      pieces.noRoom(none.end(), nowMs);
    } else if (event instanceof SessionEvent.TooLarge file) {
      pieces.tooLarge(file.end(), file.text());
    } else if (event instanceof SessionEvent.ContentTaken content) {
      pieces.contentTaken(content.chunk(), content.good());
    } else if (event instanceof SessionEvent.Finished finished) {
      pieces.finished(finished.end(), finished.good(), nowMs);
    } else {
      pieces.loading(event, nowMs);
    }
  }

  /** Both are kept; the sender is to know. */
  private void shared(SharedDevice device) {
    if (phase == Phase.OPEN && version >= Opening.VERSION_SHARED) {
      out.say(new Frame.Shared(device.device(), device.otherClusterId()));
    }
  }

  // ---------------------------------------------------------------- time and ends

  private void tick(long nowMs) {
    if (phase != Phase.OPEN) {
      return;
    }
    pieces.endOverdueLoad(nowMs);
    // What takes long here is not taken for a receiver that is stuck.
    if (!pieces.working()) {
      patienceAskedAtMs = nowMs;
    } else if (nowMs - patienceAskedAtMs >= PATIENCE_MS) {
      patienceAskedAtMs = nowMs;
      out.say(new Frame.Wait());
    }
  }

  private void failed(SessionEvent.Failed what) {
    if (phase != Phase.OVER) {
      out.refuse(what.why(), what.text());
    }
  }

  private void lose(String text) {
    if (phase != Phase.OVER) {
      out.refuse(Refusal.SHAKE_AGAIN, text);
    }
  }

  /** What is being applied is finished; the rest stays in staging. */
  private void disconnected() {
    out.close();
    leave();
    if (pieces != null) {
      out.want(new SessionEffect.WriteLedger());
    }
  }

  private void leave() {
    if (phase == Phase.OVER) {
      return;
    }
    phase = Phase.OVER;
    notice = null;
    out.want(new SessionEffect.Leave());
    if (pieces != null) {
      pieces.end();
    }
  }

  /** Whether it takes no more frames. */
  public boolean over() {
    return phase == Phase.OVER;
  }

  /** Whether hands are shaken, and it takes pieces. */
  public boolean open() {
    return phase == Phase.OPEN;
  }
}
