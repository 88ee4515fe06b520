package io.sluice.sync.sender.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.sluice.common.sync.Compression;
import io.sluice.common.sync.frame.ContentPacking;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameLimits;
import io.sluice.sync.sender.SinkTerms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Cuts one file into chunks from an offset on: their checksums, computed from the page cache, and
 * what they are packed into where that is smaller. Owned by one stream.
 */
final class ChunkSource {
  /** Small enough that a ping behind it is not taken for silence on a slow line. */
  static final int CHUNK_BYTES = 256 << 10;

  /** Under a limit chunks are smaller, so that bytes flow rather than come in bursts. */
  private static final int CHUNK_BYTES_MIN = 4 << 10;

  private static final int CHUNKS_PER_SECOND = 4;

  private static final int READ_BYTES = FrameLimits.PACKED_CONTENT_BYTES_MAX;

  /** Of a chunk's bytes packing must save one in so many, or is not worth unpacking. */
  private static final int SAVED_PART = 16;

  /** After a chunk that did not get smaller, so many are not tried: files are mostly of a kind. */
  private static final int UNTRIED = 7;

  private final FileChannel file;
  private final ByteBuffer buffer;
  private final long end;
  private final long lengthBytes;
  private final boolean mayPack;
  private long offset;
  private int untried;

  /**
   * A chunk that is ready to be sent.
   *
   * @param packed null when it goes as it is; else whoever sends it, or does not, releases it
   */
  record Next(Frame.FromSender head, Frame.Chunk chunk, ByteBuf packed) {
    long wireBytes() {
      return packed == null ? chunk.lengthBytes() : packed.readableBytes();
    }

    void release() {
      if (packed != null) {
        packed.release();
      }
    }
  }

  /** What a source reads with; sources that follow each other share it. */
  static ByteBuffer newBuffer() {
    return ByteBuffer.allocateDirect(READ_BYTES);
  }

  /**
   * @param end which range's file it is
   * @param mayPack whether the receiver can unpack
   */
  ChunkSource(
      FileChannel file,
      ByteBuffer buffer,
      long end,
      long offset,
      long lengthBytes,
      boolean mayPack) {
    this.file = file;
    this.buffer = buffer;
    this.end = end;
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    this.mayPack = mayPack;
  }

  boolean more() {
    return offset < lengthBytes;
  }

  /** The next chunk; its bytes count as sent from here on. */
  Next read(SinkTerms terms, ByteBufAllocator allocator) throws IOException {
    long left = Math.min(lengthBytes - offset, chunkBytes(terms.bytesPerSecondMax()));
    boolean pack = mayPack && terms.compression() != Compression.NONE && untried-- <= 0;
    int length = (int) (pack ? Math.min(left, READ_BYTES) : left);
    Frame.Chunk chunk = new Frame.Chunk(end, offset, length, checksum(length));
    ByteBuf packed = pack ? packed(terms.compression(), allocator) : null;
    offset += length;
    return new Next(
        packed == null
            ? chunk
            : new Frame.Packed(chunk, terms.compression(), packed.readableBytes()),
        chunk,
        packed);
  }

  private static long chunkBytes(long bytesPerSecondMax) {
    return bytesPerSecondMax == 0
        ? CHUNK_BYTES
        : Math.min(CHUNK_BYTES, Math.max(CHUNK_BYTES_MIN, bytesPerSecondMax / CHUNKS_PER_SECOND));
  }

  /** Of what is in the buffer: the whole chunk. Null when that is not worth it. */
  private ByteBuf packed(Compression how, ByteBufAllocator allocator) {
    int roomBytes = buffer.limit() - Math.max(1, buffer.limit() / SAVED_PART);
    ByteBuf packed = roomBytes <= 0 ? null : allocator.directBuffer(roomBytes, roomBytes);
    if (packed != null && ContentPacking.pack(how, buffer.flip(), packed)) {
      untried = 0;
      return packed;
    }
    if (packed != null) {
      packed.release();
    }
    untried = UNTRIED;
    return null;
  }

  /** Leaves the last bytes it read in the buffer, from its start. */
  private int checksum(int length) throws IOException {
    CRC32C crc = new CRC32C();
    long at = offset;
    while (at < offset + length) {
      int part = (int) Math.min(READ_BYTES, offset + length - at);
      buffer.clear().limit(part);
      while (buffer.hasRemaining()) {
        if (file.read(buffer, at + buffer.position()) < 0) {
          throw new IOException("the file is shorter than " + lengthBytes + " bytes");
        }
      }
      at += part;
      crc.update(buffer.flip());
    }
    return (int) crc.getValue();
  }
}
