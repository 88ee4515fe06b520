package io.sluice.datanode.tsfile;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.apache.tsfile.write.writer.TsFileOutput;

/**
 * Where the library writes a TsFile to: an append-only file that is checksummed as it is written.
 * Not thread-safe.
 */
final class ChecksummedOutput implements TsFileOutput {
  private static final int BUFFER_BYTES = 256 << 10;

  private final FileChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private final CRC32C crc = new CRC32C();
  private final OutputStream stream = new Stream();
  private long position;

  /** Creates {@code file}, which must not exist. */
  ChecksummedOutput(Path file) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void write(byte b) throws IOException {
    if (!buffer.hasRemaining()) {
      drain();
    }
    buffer.put(b);
    position++;
  }

  @Override
  public void write(ByteBuffer bytes) throws IOException {
    position += bytes.remaining();
    while (bytes.hasRemaining()) {
      if (!buffer.hasRemaining()) {
        drain();
      }
      int length = Math.min(bytes.remaining(), buffer.remaining());
      buffer.put(buffer.position(), bytes, bytes.position(), length);
      buffer.position(buffer.position() + length);
      bytes.position(bytes.position() + length);
    }
  }

  private void write(byte[] bytes, int from, int length) throws IOException {
    write(ByteBuffer.wrap(bytes, from, length));
  }

  private void drain() throws IOException {
    buffer.flip();
    crc.update(buffer.array(), 0, buffer.limit());
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
    buffer.clear();
  }

  @Override
  public long getPosition() {
    return position;
  }

  /** CRC32C of everything written; complete after {@link #force}. */
  int crc32c() {
    return (int) crc.getValue();
  }

  @Override
  public OutputStream wrapAsStream() {
    return stream;
  }

  /** Does nothing: the buffer goes out when it is full, and with {@link #force}. */
  @Override
  public void flush() {}

  @Override
  public void truncate(long size) {
    throw new UnsupportedOperationException("a checksummed file only grows");
  }

  @Override
  public void force() throws IOException {
    drain();
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private final class Stream extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      ChecksummedOutput.this.write((byte) b);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      ChecksummedOutput.this.write(bytes, from, length);
    }
  }
}
