package io.sluice.sync.receiver.core;

import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionPositions.Announcement;
import java.util.ArrayDeque;
import java.util.Set;

/**
 * The pieces of one session in order: announced, admitted to staging, received, applied. The next
 * ones travel while the first is applied. Writes what it wants done to the session's outbox. Pure;
 * owned by one session.
 */
final class PieceFlow {
  /** Announced and not yet applied; a sender keeps far below it. */
  static final int PIECES_MAX = 1_000;

  /** Of them, files that are open in staging; the rest waits. */
  static final int ADMITTED_MAX = 32;

  /** 1 MB/s, however slow the targets' disks and network. */
  private static final long BYTES_PER_PATIENT_MS = 1_000;

  private final long loadMsMax;
  private final SessionPositions positions;
  private final Ledger ledger;
  private final Outbox out;
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();

  /** Of the first piece, while it is being applied. */
  private PieceLoad load;

  /** Room is being asked for, for one file after the other. */
  private boolean admitting;

  /** What the sender has said last of how its pieces came to it. */
  private Route via = Route.HERE;

  private boolean ended;

  private enum State {
    /** For room in staging; a range that holds nothing only for its turn. */
    WAITING,
    ASKING,
    ARRIVING,
    FINISHING,
    WHOLE,
    APPLYING
  }

  /** One range. */
  private static final class Piece {
    final long end;

    /** Null: the range holds nothing. */
    final Frame.FileBegin begin;

    final Route via;
    final long announcedAtMs;
    State state = State.WAITING;
    long heldBytes;
    long applyingSinceMs;

    Piece(long end, Route via, Frame.FileBegin begin, long announcedAtMs) {
      this.end = end;
      this.via = via;
      this.begin = begin;
      this.announcedAtMs = announcedAtMs;
    }

    boolean waitsForRoom() {
      return begin != null && state == State.WAITING;
    }

    /** It is open in staging, and nobody else needs it. */
    boolean canBeLetGo() {
      return state == State.ARRIVING || state == State.FINISHING || state == State.WHOLE;
    }
  }

  /**
   * @param loadMsMax for the targets to take one piece
   * @param ledger as the session wrote it first
   */
  PieceFlow(long loadMsMax, SessionPositions positions, Ledger ledger, Outbox out) {
    this.loadMsMax = loadMsMax;
    this.positions = positions;
    this.ledger = ledger;
    this.out = out;
  }

  // ---------------------------------------------------------------- what the sender says

  void receive(Frame.FromSender frame, long nowMs) {
    if (frame instanceof Frame.FileBegin begin) {
      announce(begin.start(), begin.lineage(), new Piece(begin.end(), via, begin, nowMs), nowMs);
    } else if (frame instanceof Frame.Passed passed) {
      announce(passed.start(), passed.lineage(), new Piece(passed.end(), via, null, nowMs), nowMs);
    } else if (frame instanceof Frame.CutBy cut) {
      positions.cutBy(cut.index());
    } else if (frame instanceof Frame.Via told) {
      via = told.route();
    } else if (frame instanceof Frame.Chunk chunk) {
      chunk(chunk, null);
    } else if (frame instanceof Frame.Packed packed) {
      chunk(packed.chunk(), packed);
    }
  }

  private void announce(long start, long lineage, Piece piece, long nowMs) {
    Announcement what = positions.announce(start, piece.end, lineage);
    if (what == Announcement.OTHER_LINEAGE) {
      refuse(Refusal.SHAKE_AGAIN, "the sender's lineage has changed");
    } else if (pieces.size() >= PIECES_MAX) {
      refuse(Refusal.PROTOCOL, PIECES_MAX + " ranges are announced and not applied: no more");
    } else if (what == Announcement.OUT_OF_ORDER) {
      refuse(Refusal.PROTOCOL, "range (" + start + ", " + piece.end + "] is out of order");
    } else {
      pieces.add(piece);
      admitWaiting(nowMs);
    }
  }

  private void chunk(Frame.Chunk chunk, Frame.Packed packed) {
    Piece piece = piece(chunk.end(), State.ARRIVING);
    boolean fits =
        piece != null
            && chunk.offset() == piece.heldBytes
            && chunk.offset() + chunk.lengthBytes() <= piece.begin.lengthBytes();
    if (fits) {
      out.want(new SessionEffect.TakeContent(chunk, packed));
    } else {
      refuse(Refusal.PROTOCOL, "chunk at " + chunk.offset() + " of " + chunk.end());
    }
  }

  // ---------------------------------------------------------------- into staging

  /** Admits announced files in their order, as far as there is room. */
  void admitWaiting(long nowMs) {
    if (!ended && !admitting) {
      admitNext(nowMs);
    }
  }

  private void admitNext(long nowMs) {
    Piece next = nextToAdmit();
    admitting = next != null;
    if (admitting) {
      next.state = State.ASKING;
      out.want(new SessionEffect.Admit(next.begin));
    } else {
      applyNext(nowMs);
    }
  }

  /** Null for none. */
  private Piece nextToAdmit() {
    int admitted = 0;
    for (Piece piece : pieces) {
      if (piece.waitsForRoom()) {
        return admitted < ADMITTED_MAX ? piece : null;
      }
      admitted += piece.begin == null ? 0 : 1;
    }
    return null;
  }

  void admitted(long end, long heldBytes, long nowMs) {
    Piece piece = piece(end, State.ASKING);
    if (piece == null) {
      return;
    }
    piece.state = State.ARRIVING;
    piece.heldBytes = heldBytes;
    out.say(new Frame.FileAccept(end, heldBytes));
    if (!finishIfWhole(piece)) {
      admitNext(nowMs);
    }
  }

  void noRoom(long end, long nowMs) {
    Piece piece = piece(end, State.ASKING);
    if (piece != null) {
      piece.state = State.WAITING;
      admitting = false;
      applyNext(nowMs);
    }
  }

  void tooLarge(long end, String text) {
    if (piece(end, State.ASKING) != null) {
      refuse(Refusal.STAGING_LIMIT, text);
    }
  }

  void contentTaken(Frame.Chunk chunk, boolean good) {
    Piece piece = piece(chunk.end(), State.ARRIVING);
    if (!good) {
      refuse(Refusal.CHECKSUM, "chunk of " + chunk.end());
    } else if (piece != null) {
      piece.heldBytes += chunk.lengthBytes();
      finishIfWhole(piece);
    }
  }

  private boolean finishIfWhole(Piece piece) {
    if (piece.heldBytes < piece.begin.lengthBytes()) {
      return false;
    }
    piece.state = State.FINISHING;
    out.want(new SessionEffect.Finish(piece.end));
    return true;
  }

  void finished(long end, boolean good, long nowMs) {
    Piece piece = piece(end, State.FINISHING);
    if (piece == null) {
      return;
    }
    if (!good) {
      piece.state = State.WAITING;
      refuse(Refusal.CHECKSUM, "file of " + end + "; it starts again from 0");
      return;
    }
    piece.state = State.WHOLE;
    if (admitting) {
      admitNext(nowMs);
    } else {
      applyNext(nowMs);
    }
  }

  // ---------------------------------------------------------------- into the targets

  private void applyNext(long nowMs) {
    while (!ended && !pieces.isEmpty() && pieces.peek().begin == null) {
      positions.plan(pieces.remove().end, Set.of());
      out.say(new Frame.Applied(positions.position()));
    }
    Piece first = pieces.peek();
    if (!ended && first != null && first.state == State.WHOLE) {
      first.state = State.APPLYING;
      first.applyingSinceMs = nowMs;
      load = new PieceLoad(first.begin, first.via, ledger.targets(), positions, out, this::sayLast);
      load.begin();
    }
  }

  /** What becomes of the load of the first piece; also once the session has ended. */
  void loading(SessionEvent answer, long nowMs) {
    if (answer instanceof SessionEvent.Split split && applies(split.end())) {
      loading(load.split(split.targets()), nowMs);
    } else if (answer instanceof SessionEvent.SplitFailed failed && applies(failed.end())) {
      loading(load.giveUp(failed.why(), failed.text()), nowMs);
    } else if (answer instanceof SessionEvent.NotSplit not && applies(not.end())) {
      loading(PieceLoad.State.FAILED, nowMs);
    } else if (answer instanceof SessionEvent.PartLoaded part && applies(part.end())) {
      loading(load.loaded(part.step(), part.outcome()), nowMs);
    }
  }

  private boolean applies(long end) {
    return load != null && pieces.peek().end == end;
  }

  private void loading(PieceLoad.State state, long nowMs) {
    if (state == PieceLoad.State.PENDING) {
      return;
    }
    load = null;
    Piece piece = pieces.remove();
    if (state == PieceLoad.State.FAILED) {
      out.want(new SessionEffect.Release(piece.end));
      return;
    }
    out.want(
        new SessionEffect.Log(
            "applied up to "
                + piece.end
                + " of source "
                + ledger.source().regionId()
                + ": "
                + piece.begin.lengthBytes()
                + " bytes, "
                + (nowMs - piece.announcedAtMs)
                + " ms"));
    out.want(new SessionEffect.Discard(piece.end));
    if (!ended) {
      out.say(new Frame.Applied(positions.position()));
      applyNext(nowMs);
    }
  }

  /** Ends the session when the targets take too long over a piece. */
  void endOverdueLoad(long nowMs) {
    if (load == null) {
      return;
    }
    Piece first = pieces.peek();
    long tookMs = nowMs - first.applyingSinceMs;
    if (tookMs >= loadMsMax + first.begin.lengthBytes() / BYTES_PER_PATIENT_MS) {
      refuse(
          Refusal.UNAVAILABLE,
          "piece " + first.end + ": the target regions have not taken it for " + tookMs + " ms");
    }
  }

  // ---------------------------------------------------------------- for the session

  /** Whether it is this side's turn: a file waits for room, or is being applied. */
  boolean working() {
    return load != null || pieces.stream().anyMatch(Piece::waitsForRoom);
  }

  /** Lets go of what is not being applied. */
  void end() {
    if (ended) {
      return;
    }
    ended = true;
    for (Piece piece : pieces) {
      if (piece.canBeLetGo()) {
        out.want(new SessionEffect.Release(piece.end));
      }
    }
  }

  private void refuse(Refusal why, String text) {
    sayLast(new Frame.Refused(why, text));
  }

  /** What becomes of a load once the session has ended is not the sender's to hear. */
  private void sayLast(Frame.FromReceiver last) {
    if (!ended) {
      out.sayLast(last);
      end();
    }
  }

  /** Null when there is none that is in this state. */
  private Piece piece(long end, State state) {
    for (Piece piece : pieces) {
      if (piece.end == end) {
        return piece.state == state ? piece : null;
      }
    }
    return null;
  }
}
