package io.sluice.datanode.region.entry;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads a buffer from its position on, which moves with it: for formats written to streams. */
public final class ByteBufferStream extends InputStream {
  private final ByteBuffer buffer;

  public ByteBufferStream(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  @Override
  public int read() {
    return buffer.hasRemaining() ? buffer.get() & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) {
    if (!buffer.hasRemaining()) {
      return length == 0 ? 0 : -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(into, offset, count);
    return count;
  }

  @Override
  public int available() {
    return buffer.remaining();
  }
}
