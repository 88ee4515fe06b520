package io.sluice.common.sync.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToByteEncoder;
import java.io.IOException;
import java.util.zip.CRC32C;

/** Writes frames; lets byte buffers and file regions (a chunk's content) pass as they are. */
public final class FrameEncoder extends MessageToByteEncoder<Frame> {
  public FrameEncoder() {
    super(Frame.class);
  }

  @Override
  protected void encode(ChannelHandlerContext ctx, Frame frame, ByteBuf out) throws IOException {
    write(frame, out);
  }

  /**
   * Appends {@code frame} to {@code out}.
   *
   * @throws IOException when it is longer than the limit or holds a string longer than the format
   *     can
   */
  public static void write(Frame frame, ByteBuf out) throws IOException {
    int start = out.writerIndex();
    out.writeInt(FrameBody.type(frame) << 24);
    out.writeZero(FrameLimits.HEADER_BYTES - Integer.BYTES);
    try (var body = new ByteBufOutputStream(out)) {
      FrameBody.write(frame, body);
    }
    int length = out.writerIndex() - start - FrameLimits.HEADER_BYTES;
    if (length > FrameLimits.BODY_BYTES_MAX) {
      throw new IOException("a frame of " + length + " bytes is over the limit");
    }
    out.setInt(start + Integer.BYTES, length);
    out.setInt(start + FrameLimits.CHECKED_HEADER_BYTES, checksum(out, start, length));
  }

  /** How many bytes a frame takes, without content that follows it. */
  public static int lengthBytes(Frame frame) throws IOException {
    ByteBuf out = Unpooled.buffer();
    write(frame, out);
    return out.readableBytes();
  }

  public static void write(Opening opening, ByteBuf out) {
    out.writeInt(Opening.MAGIC);
    out.writeShort(opening.lowestVersion());
    out.writeShort(opening.highestVersion());
  }

  /** CRC32C of a frame's first eight bytes and its body. */
  static int checksum(ByteBuf bytes, int start, int bodyLength) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.nioBuffer(start, FrameLimits.CHECKED_HEADER_BYTES));
    crc.update(bytes.nioBuffer(start + FrameLimits.HEADER_BYTES, bodyLength));
    return (int) crc.getValue();
  }
}
