package io.sluice.sync.sender.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The ranges that are announced and not yet applied, in order. Owned by one feed. */
final class Window {
  /** One range; {@code lengthBytes} 0 means that it holds nothing to ship. */
  private static final class Piece {
    final long token;
    final long end;
    final long lengthBytes;
    long acceptedOffset = -1;
    boolean streaming;
    boolean streamed;

    Piece(long token, long end, long lengthBytes) {
      this.token = token;
      this.end = end;
      this.lengthBytes = lengthBytes;
      this.streamed = lengthBytes == 0;
    }
  }

  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();

  int size() {
    return pieces.size();
  }

  boolean isEmpty() {
    return pieces.isEmpty();
  }

  void add(long token, long end, long lengthBytes) {
    pieces.add(new Piece(token, end, lengthBytes));
  }

  /** The receiver will take the file from this offset on. */
  void accepted(long end, long offset) {
    for (Piece piece : pieces) {
      if (piece.end == end) {
        piece.acceptedOffset = offset;
        piece.streamed |= offset == piece.lengthBytes;
      }
    }
  }

  void streamed(long token) {
    for (Piece piece : pieces) {
      if (piece.token == token) {
        piece.streaming = false;
        piece.streamed = true;
      }
    }
  }

  /** What to stream now, null for nothing: one file at a time, in order. */
  FeedEffect.Stream nextToStream() {
    for (Piece piece : pieces) {
      if (!piece.streamed) {
        if (piece.streaming || piece.acceptedOffset < 0) {
          return null;
        }
        piece.streaming = true;
        return new FeedEffect.Stream(piece.token, piece.acceptedOffset);
      }
    }
    return null;
  }

  /** Takes out what ends at or below {@code end}; the tokens of its files. */
  List<Long> applied(long end) {
    List<Long> tokens = new ArrayList<>();
    Iterator<Piece> all = pieces.iterator();
    while (all.hasNext()) {
      Piece piece = all.next();
      if (piece.end <= end) {
        all.remove();
        if (piece.lengthBytes > 0) {
          tokens.add(piece.token);
        }
      }
    }
    return tokens;
  }

  /** Whether bytes of a file are on their way, or wait to be applied. */
  boolean travelling() {
    return pieces.stream()
        .anyMatch(piece -> piece.lengthBytes > 0 && (piece.streaming || piece.streamed));
  }

  /** 0 when there is none. */
  long oldestEnd() {
    return pieces.isEmpty() ? 0 : pieces.peek().end;
  }

  void clear() {
    pieces.clear();
  }
}
