package io.sluice.datanode.tsfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.tsfile.read.reader.TsFileInput;

/** An open file as the library's metadata reader wants it. Does not close the channel. */
final class ChannelInput implements TsFileInput {
  private final Path path;
  private final FileChannel channel;

  ChannelInput(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public long position() throws IOException {
    return channel.position();
  }

  @Override
  public TsFileInput position(long newPosition) throws IOException {
    channel.position(newPosition);
    return this;
  }

  @Override
  public int read(ByteBuffer bytes) throws IOException {
    return channel.read(bytes);
  }

  @Override
  public int read(ByteBuffer bytes, long position) throws IOException {
    int sum = 0;
    while (bytes.hasRemaining()) {
      int read = channel.read(bytes, position + sum);
      if (read < 0) {
        return sum == 0 ? -1 : sum;
      }
      sum += read;
    }
    return sum;
  }

  @Override
  public InputStream wrapAsInputStream() {
    return Channels.newInputStream(channel);
  }

  @Override
  public void close() {
    // The owner of the channel closes it.
  }

  @Override
  public String getFilePath() {
    return path.toString();
  }
}
