package io.sluice.datanode.rpc;

import io.netty.buffer.ByteBuf;
import org.apache.thrift.TConfiguration;
import org.apache.thrift.transport.TTransport;
import org.apache.thrift.transport.TTransportException;

/**
 * Lets Thrift read one received frame in place and write its reply into one buffer, behind four
 * bytes kept for the length. Binary fields of the request are views of the frame's array. One call
 * on one thread.
 */
final class FrameTransport extends TTransport {
  private final byte[] frame;
  private final ByteBuf reply;
  private final TConfiguration configuration;
  private int position;

  FrameTransport(byte[] frame, ByteBuf reply) {
    this.frame = frame;
    this.reply = reply;
    this.configuration =
        TConfiguration.custom()
            .setMaxMessageSize(Math.max(1, frame.length))
            .setMaxFrameSize(Math.max(1, frame.length))
            .build();
    reply.writeInt(0);
  }

  /** Writes the reply's length into its first four bytes. */
  void finishReply() {
    reply.setInt(reply.readerIndex(), reply.readableBytes() - Integer.BYTES);
  }

  boolean replied() {
    return reply.readableBytes() > Integer.BYTES;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void open() {}

  @Override
  public void close() {}

  @Override
  public int read(byte[] target, int offset, int lengthBytes) throws TTransportException {
    int available = Math.min(lengthBytes, frame.length - position);
    if (available <= 0 && lengthBytes > 0) {
      throw new TTransportException(TTransportException.END_OF_FILE, "the frame ends too early");
    }
    System.arraycopy(frame, position, target, offset, available);
    position += available;
    return available;
  }

  @Override
  public byte[] getBuffer() {
    return frame;
  }

  @Override
  public int getBufferPosition() {
    return position;
  }

  @Override
  public int getBytesRemainingInBuffer() {
    return frame.length - position;
  }

  @Override
  public void consumeBuffer(int lengthBytes) {
    position += lengthBytes;
  }

  @Override
  public void write(byte[] source, int offset, int lengthBytes) throws TTransportException {
    if (lengthBytes > reply.maxWritableBytes()) {
      throw new TTransportException(
          TTransportException.MESSAGE_SIZE_LIMIT, "the reply is larger than clients take");
    }
    reply.writeBytes(source, offset, lengthBytes);
  }

  @Override
  public TConfiguration getConfiguration() {
    return configuration;
  }

  @Override
  public void updateKnownMessageSize(long lengthBytes) {}

  /** A list, string or map that claims more than the frame still holds is refused unread. */
  @Override
  public void checkReadBytesAvailable(long lengthBytes) throws TTransportException {
    if (lengthBytes < 0 || lengthBytes > frame.length - position) {
      throw new TTransportException(
          TTransportException.END_OF_FILE,
          lengthBytes + " bytes announced, " + (frame.length - position) + " left in the frame");
    }
  }
}
