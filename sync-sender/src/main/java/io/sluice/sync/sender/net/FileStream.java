package io.sluice.sync.sender.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import io.sluice.common.sync.frame.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Sends one file's content as chunks, a few in flight. The content goes from the file to the socket
 * without copying; its checksum is computed beforehand from the page cache. Runs on the channel's
 * event loop.
 */
final class FileStream {
  /** Small enough that a ping behind it is not taken for silence on a slow line. */
  static final int CHUNK_BYTES = 256 << 10;

  private static final int IN_FLIGHT_MAX = 4;
  private static final int READ_BYTES = 64 << 10;

  private final Channel channel;
  private final FileChannel file;
  private final long end;
  private final long lengthBytes;
  private final Done done;
  private final ByteBuffer buffer;
  private long offset;
  private int inFlight;
  private boolean stopped;

  /**
   * How it goes and how it ended, once. A lost connection is not told: the channel's handler sees
   * it.
   */
  interface Done {
    /** A part of the file is in the socket; the only one that comes more than once. */
    void progressed(long bytes);

    void sent();

    void failed(IOException cause);
  }

  /** Bytes to checksum at once; streams that follow each other share it. */
  static ByteBuffer newBuffer() {
    return ByteBuffer.allocateDirect(READ_BYTES);
  }

  FileStream(
      Channel channel,
      FileChannel file,
      ByteBuffer buffer,
      long end,
      long offset,
      long lengthBytes,
      Done done) {
    this.buffer = buffer;
    this.channel = channel;
    this.file = file;
    this.end = end;
    this.offset = offset;
    this.lengthBytes = lengthBytes;
    this.done = done;
  }

  void start() {
    while (!stopped && inFlight < IN_FLIGHT_MAX && offset < lengthBytes) {
      try {
        sendChunk();
      } catch (IOException e) {
        stopped = true;
        done.failed(e);
      }
    }
  }

  /** The file is about to be closed. */
  void stop() {
    stopped = true;
  }

  private void sendChunk() throws IOException {
    int length = (int) Math.min(CHUNK_BYTES, lengthBytes - offset);
    var head = new Frame.Chunk(end, offset, length, checksum(length));
    channel.write(head, channel.voidPromise());
    ChannelFuture written = channel.writeAndFlush(new OpenFileRegion(file, offset, length));
    offset += length;
    inFlight++;
    written.addListener(
        future -> {
          inFlight--;
          if (stopped || !future.isSuccess()) {
            stopped = true;
            return;
          }
          done.progressed(length);
          if (offset < lengthBytes) {
            start();
          } else if (inFlight == 0) {
            done.sent();
          }
        });
  }

  private int checksum(int length) throws IOException {
    CRC32C crc = new CRC32C();
    long at = offset;
    while (at < offset + length) {
      buffer.clear().limit((int) Math.min(READ_BYTES, offset + length - at));
      int count = file.read(buffer, at);
      if (count < 0) {
        throw new IOException("the file is shorter than " + lengthBytes + " bytes");
      }
      at += count;
      crc.update(buffer.flip());
    }
    return (int) crc.getValue();
  }

  /** A part of a file that stays open when the part is sent. */
  private static final class OpenFileRegion extends DefaultFileRegion {
    OpenFileRegion(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {
      // The file is closed by whoever opened it.
    }
  }
}
