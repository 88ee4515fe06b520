package io.sluice.sync.receiver.net;

import io.netty.buffer.ByteBuf;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.BadFrameException;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.receiver.core.SessionEvent;
import io.sluice.sync.receiver.staging.PartialFile;
import io.sluice.sync.receiver.staging.PieceKey;
import io.sluice.sync.receiver.staging.StagingArea;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one session's pieces while it holds them, by the ends of their ranges, and the
 * content that is arriving. Runs on the session's lane.
 */
final class StagedPieces {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private final StagingArea staging;
  private final Map<Long, PartialFile> files = new HashMap<>();

  /** The chunk whose content is arriving; null between chunks. */
  private Frame.Chunk chunk;

  /** Of the wire: of the content itself, or of what it is packed into. */
  private int leftBytes;

  /** Null unless the chunk is packed. */
  private PackedContent packed;

  StagedPieces(StagingArea staging) {
    this.staging = staging;
  }

  SessionEvent admit(Source source, Frame.FileBegin begin) throws IOException {
    var key = new PieceKey(source, begin.start(), begin.end(), begin.lengthBytes(), begin.crc32c());
    try {
      Optional<PartialFile> file = staging.admit(key);
      if (file.isEmpty()) {
        return new SessionEvent.NoRoom(begin.end());
      }
      files.put(begin.end(), file.get());
      return new SessionEvent.Admitted(begin.end(), file.get().heldBytes());
    } catch (StagingArea.TooLargeException e) {
      return new SessionEvent.TooLarge(begin.end(), e.getMessage());
    }
  }

  /** What comes next is the content of {@code next}. */
  void expect(Frame.Chunk next, Frame.Packed how) {
    chunk = next;
    leftBytes = how == null ? next.lengthBytes() : how.packedBytes();
    packed = how == null ? null : new PackedContent(how);
  }

  /**
   * Does not release {@code content}.
   *
   * @return empty while more of the chunk is to come
   */
  Optional<SessionEvent> content(ByteBuf content) throws IOException {
    if (chunk == null) {
      return Optional.empty();
    }
    PartialFile file = files.get(chunk.end());
    leftBytes -= content.readableBytes();
    boolean good = take(content, file);
    if (good && leftBytes > 0) {
      return Optional.empty();
    }
    good = good && file.endChunk(chunk.crc32c());
    var taken = new SessionEvent.ContentTaken(chunk, good);
    expectNothing();
    return Optional.of(taken);
  }

  /** False when it cannot be unpacked: nothing of the chunk is written then. */
  private boolean take(ByteBuf content, PartialFile file) throws IOException {
    if (packed == null) {
      for (ByteBuffer buffer : content.nioBuffers()) {
        file.write(buffer);
      }
      return true;
    }
    try {
      packed.add(content, file);
      return true;
    } catch (BadFrameException e) {
      LOG.warn("chunk at {} of {}: {}", chunk.offset(), chunk.end(), e.getMessage());
      return false;
    }
  }

  /** What still comes of a chunk is thrown away. */
  void expectNothing() {
    chunk = null;
    if (packed != null) {
      packed.release();
      packed = null;
    }
  }

  SessionEvent finish(long end) throws IOException {
    boolean good = files.get(end).finish();
    if (!good) {
      files.remove(end).discard();
    }
    return new SessionEvent.Finished(end, good);
  }

  Path path(long end) {
    return files.get(end).path();
  }

  void release(long end) {
    letGo(end, PartialFile::release);
  }

  void discard(long end) {
    letGo(end, PartialFile::discard);
  }

  private interface End {
    void of(PartialFile file) throws IOException;
  }

  private void letGo(long end, End how) {
    PartialFile file = files.remove(end);
    try {
      if (file != null) {
        how.of(file);
      }
    } catch (IOException e) {
      LOG.warn("staging file {} stays", file.path(), e);
    }
  }
}
