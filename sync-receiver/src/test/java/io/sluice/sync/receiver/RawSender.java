package io.sluice.sync.receiver;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameDecoder;
import io.sluice.common.sync.frame.FrameEncoder;
import io.sluice.common.sync.frame.Opening;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Says to a receiver whatever a test wants said. */
final class RawSender implements AutoCloseable {
  private static final int TIMEOUT_MS = 60_000;

  private final Socket socket;
  private final EmbeddedChannel decoder = new EmbeddedChannel(new FrameDecoder(false));
  private static final Frame SIGN_OF_LIFE = new Frame.Pong(0);

  RawSender(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MS);
  }

  /** As the receiver sees it. */
  String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  RawSender opening(Opening opening) throws IOException {
    ByteBuf bytes = Unpooled.buffer();
    FrameEncoder.write(opening, bytes);
    return raw(bytes);
  }

  RawSender say(Frame frame) throws IOException {
    ByteBuf bytes = Unpooled.buffer();
    FrameEncoder.write(frame, bytes);
    return raw(bytes);
  }

  RawSender raw(ByteBuf bytes) throws IOException {
    byte[] all = new byte[bytes.readableBytes()];
    bytes.readBytes(all);
    socket.getOutputStream().write(all);
    return this;
  }

  /** The next answer, signs of life apart; null when the receiver has closed. */
  Frame hear() throws IOException {
    byte[] buffer = new byte[1 << 12];
    while (true) {
      Frame frame = decoder.readInbound();
      if (SIGN_OF_LIFE.equals(frame) || frame instanceof Frame.Wait) {
        continue;
      }
      if (frame != null) {
        return frame;
      }
      int count = socket.getInputStream().read(buffer);
      if (count < 0) {
        return null;
      }
      decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
    }
  }

  /** Signs of life apart; false also when the receiver closes. */
  boolean hearsNothingFor(int waitMs) throws IOException {
    socket.setSoTimeout(waitMs);
    try {
      hear();
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    } finally {
      socket.setSoTimeout(TIMEOUT_MS);
    }
  }

  @Override
  public void close() throws IOException {
    decoder.finishAndReleaseAll();
    socket.close();
  }
}
