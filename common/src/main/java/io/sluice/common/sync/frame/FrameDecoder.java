package io.sluice.common.sync.frame;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.util.List;

/**
 * Reads frames. Hands on an {@link Opening} (if it expects one), {@link Frame}s, and after each
 * {@link Frame.Chunk} or {@link Frame.Packed} its content as one or more byte buffers, which the
 * next handler releases.
 *
 * <p>Throws {@link BadFrameException} for bytes that break the protocol and hands on nothing after
 * that.
 */
public final class FrameDecoder extends ByteToMessageDecoder {
  private boolean openingDue;
  private boolean broken;
  private int contentLeftBytes;
  private final LargeFrames large;

  /** Whether the frame that is arriving counts among the large ones. */
  private boolean largeBegun;

  /**
   * @param openingDue true on the receiver's side: the first bytes are the sender's opening
   */
  public FrameDecoder(boolean openingDue) {
    this(openingDue, new LargeFrames(1));
  }

  /**
   * @param large shared with other connections
   */
  public FrameDecoder(boolean openingDue, LargeFrames large) {
    this.openingDue = openingDue;
    this.large = large;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (broken) {
      in.skipBytes(in.readableBytes());
    } else if (openingDue) {
      readOpening(in, out);
    } else if (contentLeftBytes > 0) {
      int length = Math.min(contentLeftBytes, in.readableBytes());
      contentLeftBytes -= length;
      out.add(in.readRetainedSlice(length));
    } else {
      readFrame(in, out);
    }
  }

  private void readOpening(ByteBuf in, List<Object> out) {
    if (in.readableBytes() >= Opening.MAGIC_BYTES && !Opening.startsWith(in)) {
      throw broken("no sync opening", null);
    }
    if (in.readableBytes() >= Opening.BYTES) {
      openingDue = false;
      in.skipBytes(Opening.MAGIC_BYTES);
      int lowest = in.readUnsignedShort();
      out.add(new Opening(lowest, in.readUnsignedShort()));
    }
  }

  private void readFrame(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < FrameLimits.HEADER_BYTES) {
      return;
    }
    int start = in.readerIndex();
    int word = in.getInt(start);
    long length = in.getUnsignedInt(start + Integer.BYTES);
    if ((word & 0xFFFFFF) != 0 || length > FrameBody.bytesMax(word >>> 24)) {
      throw broken("frame header " + Integer.toHexString(word) + ", length " + length, null);
    }
    int bodyLength = (int) length;
    if (in.readableBytes() < FrameLimits.HEADER_BYTES + bodyLength) {
      gather(bodyLength);
      return;
    }
    endLarge();
    int expected = in.getInt(start + FrameLimits.CHECKED_HEADER_BYTES);
    if (FrameEncoder.checksum(in, start, bodyLength) != expected) {
      throw broken("frame checksum", null);
    }
    in.skipBytes(FrameLimits.HEADER_BYTES);
    Frame frame = readBody(word >>> 24, in.readSlice(bodyLength));
    if (frame instanceof Frame.Chunk chunk) {
      contentLeftBytes = chunk.lengthBytes();
    } else if (frame instanceof Frame.Packed packed) {
      contentLeftBytes = packed.packedBytes();
    }
    out.add(frame);
  }

  private void gather(int bodyLength) {
    if (bodyLength > FrameLimits.LARGE_BYTES && !largeBegun) {
      if (!large.begin()) {
        throw broken("a frame of " + bodyLength + " bytes while many others are arriving", null);
      }
      largeBegun = true;
    }
  }

  private void endLarge() {
    if (largeBegun) {
      largeBegun = false;
      large.end();
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    endLarge();
  }

  private Frame readBody(int type, ByteBuf body) {
    try (var in = new ByteBufInputStream(body)) {
      Frame frame = FrameBody.read(type, in);
      if (body.isReadable()) {
        throw broken("frame of type " + type + " is too long", null);
      }
      return frame;
    } catch (IOException | IndexOutOfBoundsException e) {
      throw broken("frame of type " + type, e);
    }
  }

  private BadFrameException broken(String what, Exception cause) {
    broken = true;
    return cause == null ? new BadFrameException(what) : new BadFrameException(what, cause);
  }
}
