package io.sluice.datanode.digest;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over values as they are put, big-endian. Not thread-safe. */
final class HashInput {
  private static final int BUFFER_BYTES = 8 << 10;

  private final MessageDigest digest;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  HashInput() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  void putByte(byte value) {
    room(Byte.BYTES);
    buffer.put(value);
  }

  void putInt(int value) {
    room(Integer.BYTES);
    buffer.putInt(value);
  }

  void putLong(long value) {
    room(Long.BYTES);
    buffer.putLong(value);
  }

  /** Their number, then themselves. */
  void putBytes(byte[] bytes) {
    putInt(bytes.length);
    if (bytes.length > buffer.remaining()) {
      drain();
      digest.update(bytes);
    } else {
      buffer.put(bytes);
    }
  }

  private void room(int bytes) {
    if (buffer.remaining() < bytes) {
      drain();
    }
  }

  private void drain() {
    digest.update(buffer.flip());
    buffer.clear();
  }

  /** The hash of what was put since the last call. */
  ByteBuffer hash() {
    drain();
    return ByteBuffer.wrap(digest.digest());
  }
}
