package io.sluice.common.sync.frame;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.netty.buffer.ByteBuf;
import io.sluice.common.sync.Compression;
import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/**
 * Makes the content of one {@link Frame.Packed} smaller and whole again, with the libraries that
 * TsFile brings. Direct buffers only. Stateless.
 */
public final class ContentPacking {
  private static final int ZSTD_LEVEL = 3;
  private static final LZ4Compressor LZ4 = LZ4Factory.fastestInstance().fastCompressor();

  /** The one that trusts nothing it reads. */
  private static final LZ4SafeDecompressor LZ4_BACK =
      LZ4Factory.fastestInstance().safeDecompressor();

  private ContentPacking() {}

  /**
   * Appends what {@code content} becomes to {@code out}, if that has the room for it.
   *
   * @param content read from its position to its limit; neither moves
   * @return false when there is not enough room: nothing is appended
   */
  public static boolean pack(Compression how, ByteBuffer content, ByteBuf out) {
    int room = out.writableBytes();
    ByteBuffer target = out.nioBuffer(out.writerIndex(), room);
    int from = content.position();
    int length = content.remaining();
    int to = target.position();
    long packed;
    try {
      packed =
          how == Compression.ZSTD
              ? Zstd.compressDirectByteBuffer(target, to, room, content, from, length, ZSTD_LEVEL)
              : LZ4.compress(content, from, length, target, to, room);
    } catch (ZstdException | LZ4Exception e) {
      return false; // they say so when there is too little room
    }
    out.writerIndex(out.writerIndex() + (int) packed);
    return true;
  }

  /**
   * Appends the content that {@code packed} was made of to {@code out}.
   *
   * @param lengthBytes of the content; {@code out} has the room for it
   * @throws BadFrameException when it does not come out as exactly so many bytes
   */
  public static void unpack(Compression how, ByteBuf packed, int lengthBytes, ByteBuf out) {
    ByteBuffer source = packed.nioBuffer();
    ByteBuffer target = out.nioBuffer(out.writerIndex(), lengthBytes);
    int from = source.position();
    int length = source.remaining();
    int to = target.position();
    long written;
    try {
      written =
          how == Compression.ZSTD
              ? Zstd.decompressDirectByteBuffer(target, to, lengthBytes, source, from, length)
              : LZ4_BACK.decompress(source, from, length, target, to, lengthBytes);
    } catch (ZstdException | LZ4Exception e) {
      throw new BadFrameException("packed content is no " + how, e);
    }
    if (written != lengthBytes) {
      throw new BadFrameException("packed content is not " + lengthBytes + " bytes of " + how);
    }
    out.writerIndex(out.writerIndex() + lengthBytes);
  }
}
