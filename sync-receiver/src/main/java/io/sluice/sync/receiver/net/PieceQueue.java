package io.sluice.sync.receiver.net;

import io.netty.buffer.ByteBuf;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.frame.BadFrameException;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.SessionPositions;
import io.sluice.sync.receiver.core.SessionPositions.Announcement;
import io.sluice.sync.receiver.staging.PartialFile;
import io.sluice.sync.receiver.staging.PieceKey;
import io.sluice.sync.receiver.staging.StagingArea;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pieces of one session in order: announced, admitted to staging, received, applied. The next
 * ones travel while the first is applied. Runs on the session's lane.
 */
final class PieceQueue {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  /** Announced and not yet applied; a sender keeps far below it. */
  private static final int PIECES_MAX = 1_000;

  /** Of them, files that are open in staging; the rest waits. */
  private static final int ADMITTED_MAX = 32;

  private final SessionHost host;
  private final ReceiverSession session;
  private final SessionPositions positions;
  private final Ledger ledger;
  private final PieceLoad loads;
  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();

  /** 1 MB/s, however slow the targets' disks and network. */
  private static final long BYTES_PER_PATIENT_MS = 1_000;

  /** The chunk whose content is arriving; null between chunks. */
  private Frame.Chunk chunk;

  private Piece chunkPiece;

  /** Of the wire: of the content itself, or of what it is packed into. */
  private int chunkLeftBytes;

  /** Null unless the chunk is packed. */
  private PackedContent packed;

  /** What the sender has said last of how its pieces came to it. */
  private Route via = Route.HERE;

  private boolean ended;

  /** One range. */
  static final class Piece {
    final long end;

    /** Null: the range holds nothing. */
    final Frame.FileBegin begin;

    final Route via;

    /** Null until admitted, and after it is done with. */
    PartialFile file;

    boolean whole;
    boolean applying;
    long applyingSinceMs;
    long announcedAtMs;

    Piece(long end, Route via, Frame.FileBegin begin) {
      this.end = end;
      this.via = via;
      this.begin = begin;
    }

    boolean waitsForRoom() {
      return begin != null && file == null;
    }
  }

  PieceQueue(
      SessionHost host,
      Executor lane,
      ReceiverSession session,
      SessionPositions positions,
      Ledger ledger) {
    this.host = host;
    this.session = session;
    this.positions = positions;
    this.ledger = ledger;
    this.loads = new PieceLoad(host, lane, session, positions, ledger, this::loaded);
  }

  void receive(Frame.FromSender frame) throws IOException {
    if (frame instanceof Frame.FileBegin begin) {
      announce(begin.start(), begin.end(), begin.lineage(), begin);
    } else if (frame instanceof Frame.Passed passed) {
      announce(passed.start(), passed.end(), passed.lineage(), null);
    } else if (frame instanceof Frame.CutBy cut) {
      positions.cutBy(cut.index());
    } else if (frame instanceof Frame.Via told) {
      via = told.route();
    } else if (frame instanceof Frame.Chunk next) {
      beginChunk(next, next.lengthBytes());
    } else if (frame instanceof Frame.Packed next && beginChunk(next.chunk(), next.packedBytes())) {
      packed = new PackedContent(next);
    }
  }

  private void announce(long start, long end, long lineage, Frame.FileBegin begin)
      throws IOException {
    Announcement what = positions.announce(start, end, lineage);
    if (what == Announcement.OTHER_LINEAGE) {
      session.refuse(Refusal.SHAKE_AGAIN, "the sender's lineage has changed");
    } else if (pieces.size() >= PIECES_MAX) {
      session.refuse(
          Refusal.PROTOCOL, PIECES_MAX + " ranges are announced and not applied: no more");
    } else if (what == Announcement.OUT_OF_ORDER) {
      session.refuse(Refusal.PROTOCOL, "range (" + start + ", " + end + "] is out of order");
    } else {
      Piece piece = new Piece(end, via, begin);
      piece.announcedAtMs = host.clock().nowMs();
      pieces.add(piece);
      admitWaiting();
      applyNext();
    }
  }

  /** Admits announced files in their order, as far as there is room. */
  void admitWaiting() throws IOException {
    int admitted = 0;
    for (Piece piece : pieces) {
      if (ended || piece.waitsForRoom() && (admitted >= ADMITTED_MAX || !admit(piece))) {
        return;
      }
      admitted += piece.begin == null ? 0 : 1;
    }
  }

  private boolean admit(Piece piece) throws IOException {
    Frame.FileBegin begin = piece.begin;
    var key =
        new PieceKey(
            ledger.source(), begin.start(), begin.end(), begin.lengthBytes(), begin.crc32c());
    try {
      Optional<PartialFile> file = host.staging().admit(key);
      if (file.isEmpty()) {
        return false;
      }
      piece.file = file.get();
    } catch (StagingArea.TooLargeException e) {
      session.refuse(Refusal.STAGING_LIMIT, e.getMessage());
      return false;
    }
    session.accept(piece.end, piece.file.heldBytes());
    if (piece.file.heldBytes() == begin.lengthBytes()) {
      finish(piece);
    }
    return true;
  }

  private boolean beginChunk(Frame.Chunk next, int wireBytes) {
    for (Piece piece : pieces) {
      if (piece.end == next.end() && piece.file != null && !piece.whole) {
        boolean fits =
            next.offset() == piece.file.heldBytes()
                && next.offset() + next.lengthBytes() <= piece.begin.lengthBytes();
        if (fits) {
          chunk = next;
          chunkPiece = piece;
          chunkLeftBytes = wireBytes;
          return true;
        }
      }
    }
    session.refuse(Refusal.PROTOCOL, "chunk at " + next.offset() + " of " + next.end());
    return false;
  }

  /** Does not release {@code content}. */
  void content(ByteBuf content) throws IOException {
    if (ended || chunk == null) {
      return;
    }
    chunkLeftBytes -= content.readableBytes();
    boolean good = take(content);
    if (good && chunkLeftBytes > 0) {
      return;
    }
    good = good && chunkPiece.file.endChunk(chunk.crc32c());
    chunk = null;
    unpacked();
    if (!good) {
      session.refuse(Refusal.CHECKSUM, "chunk of " + chunkPiece.end);
    } else if (chunkPiece.file.heldBytes() == chunkPiece.begin.lengthBytes()) {
      finish(chunkPiece);
      applyNext();
    }
  }

  /** False when it cannot be unpacked: nothing of the chunk is written then. */
  private boolean take(ByteBuf content) throws IOException {
    if (packed == null) {
      for (var buffer : content.nioBuffers()) {
        chunkPiece.file.write(buffer);
      }
      return true;
    }
    try {
      packed.add(content, chunkPiece.file);
      return true;
    } catch (BadFrameException e) {
      LOG.warn("chunk at {} of {}: {}", chunk.offset(), chunk.end(), e.getMessage());
      return false;
    }
  }

  private void unpacked() {
    if (packed != null) {
      packed.release();
      packed = null;
    }
  }

  private void finish(Piece piece) throws IOException {
    if (piece.file.finish()) {
      piece.whole = true;
    } else {
      piece.file.discard();
      piece.file = null;
      session.refuse(Refusal.CHECKSUM, "file of " + piece.end + "; it starts again from 0");
    }
  }

  private void applyNext() {
    while (!ended && !pieces.isEmpty()) {
      Piece first = pieces.peek();
      if (first.begin == null) {
        positions.plan(first.end, java.util.Set.of());
        pieces.remove();
        session.applied(positions.position());
      } else {
        if (first.whole && !first.applying) {
          first.applying = true;
          first.applyingSinceMs = host.clock().nowMs();
          loads.start(first);
        }
        return;
      }
    }
  }

  /** Comes once for each started load. */
  private void loaded(Piece piece, boolean everywhere) {
    pieces.remove(piece);
    try {
      if (everywhere) {
        LOG.info(
            "applied up to {} of source {}: {} bytes, {} ms",
            piece.end,
            ledger.source().regionId(),
            piece.begin.lengthBytes(),
            host.clock().nowMs() - piece.announcedAtMs);
        piece.file.discard();
      } else {
        piece.file.release();
      }
    } catch (IOException e) {
      LOG.warn("staging file {} stays", piece.file.path(), e);
    }
    if (everywhere) {
      session.applied(positions.position());
      applyNext();
    }
  }

  /** Whether it is this side's turn: a file waits for room, or is being applied. */
  boolean working() {
    return pieces.stream().anyMatch(piece -> piece.applying || piece.waitsForRoom());
  }

  /** Ends the session when the targets take too long over a piece. */
  void endOverdueLoad() {
    Piece first = pieces.peek();
    if (first != null && first.applying) {
      long tookMs = host.clock().nowMs() - first.applyingSinceMs;
      long mayTakeMs =
          host.options().loadMsMax() + first.begin.lengthBytes() / BYTES_PER_PATIENT_MS;
      if (tookMs >= mayTakeMs) {
        session.refuse(
            Refusal.UNAVAILABLE,
            "piece " + first.end + ": the target regions have not taken it for " + tookMs + " ms");
      }
    }
  }

  /** Lets go of what is not being applied. */
  void end() {
    ended = true;
    unpacked();
    for (Piece piece : pieces) {
      if (piece.file != null && !piece.applying) {
        try {
          piece.file.release();
        } catch (IOException e) {
          LOG.warn("staging file {}", piece.file.path(), e);
        }
      }
    }
  }
}
