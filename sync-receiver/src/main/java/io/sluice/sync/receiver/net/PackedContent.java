package io.sluice.sync.receiver.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.sluice.common.sync.frame.BadFrameException;
import io.sluice.common.sync.frame.ContentPacking;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.receiver.staging.PartialFile;
import java.io.IOException;

/**
 * The content of one {@link Frame.Packed}, gathered until it can be unpacked. Holds at most {@link
 * io.sluice.common.sync.frame.FrameLimits#PACKED_CONTENT_BYTES_MAX}. Used on the session's lane.
 */
final class PackedContent {
  private final Frame.Packed head;
  private final ByteBuf gathered;

  PackedContent(Frame.Packed head) {
    this.head = head;
    this.gathered = PooledByteBufAllocator.DEFAULT.directBuffer(head.packedBytes());
  }

  /**
   * Takes a part; once it was the last one, the content goes to {@code file}. Does not release
   * {@code part}.
   *
   * @throws BadFrameException when what was gathered does not unpack
   */
  void add(ByteBuf part, PartialFile file) throws IOException {
    gathered.writeBytes(part);
    if (gathered.readableBytes() < head.packedBytes()) {
      return;
    }
    int lengthBytes = head.chunk().lengthBytes();
    ByteBuf content = PooledByteBufAllocator.DEFAULT.directBuffer(lengthBytes);
    try {
      ContentPacking.unpack(head.compression(), gathered, lengthBytes, content);
      file.write(content.nioBuffer());
    } finally {
      content.release();
    }
  }

  void release() {
    gathered.release();
  }
}
