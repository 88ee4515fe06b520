package io.sluice.confignode.format;

import io.sluice.confignode.core.Record;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One record between its length and its checksum: {@code length int32, type uint8, version uint8,
 * payload, crc32c int32}; length counts type, version and payload, the checksum covers them.
 */
final class RecordFrame {
  /** Longest frame read: far above any record, so that a damaged length is noticed. */
  static final int LENGTH_BYTES_MAX = 16 << 20;

  private static final int TYPE_AND_VERSION_BYTES = 2;

  private RecordFrame() {}

  static void write(ByteArrayOutputStream out, Record record) {
    byte[] payload = payload(record);
    ByteBuffer frame =
        ByteBuffer.allocate(
            Integer.BYTES + TYPE_AND_VERSION_BYTES + payload.length + Integer.BYTES);
    frame.putInt(TYPE_AND_VERSION_BYTES + payload.length);
    frame.put((byte) RecordPayload.typeOf(record));
    frame.put((byte) RecordPayload.VERSION);
    frame.put(payload);
    frame.putInt(crc32c(frame.array(), Integer.BYTES, TYPE_AND_VERSION_BYTES + payload.length));
    out.writeBytes(frame.array());
  }

  /**
   * Reads the frame at {@code in}'s position.
   *
   * @param where names the bytes in error messages
   */
  static Record read(ByteBuffer in, String where) throws IOException {
    int at = in.position();
    if (in.remaining() < Integer.BYTES) {
      throw new CorruptRecordException(where + ": cut off at offset " + at);
    }
    int length = in.getInt();
    boolean whole = length >= TYPE_AND_VERSION_BYTES && length <= LENGTH_BYTES_MAX;
    if (!whole || in.remaining() < length + Integer.BYTES) {
      throw new CorruptRecordException(where + ": length " + length + " at offset " + at);
    }
    byte[] body = new byte[length];
    in.get(body);
    if (in.getInt() != crc32c(body, 0, length)) {
      throw new CorruptRecordException(where + ": checksum differs at offset " + at);
    }
    int version = body[1] & 0xff;
    if (version > RecordPayload.VERSION) {
      throw new NewerFormatException(
          where + ": record version " + version + " at offset " + at + " is of a newer release");
    }
    return payloadOf(body, where + " at offset " + at);
  }

  static int crc32c(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static byte[] payload(Record record) {
    var bytes = new ByteArrayOutputStream();
    try {
      RecordPayload.write(new DataOutputStream(bytes), record);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  private static Record payloadOf(byte[] body, String where) throws IOException {
    var in =
        new DataInputStream(
            new ByteArrayInputStream(
                body, TYPE_AND_VERSION_BYTES, body.length - TYPE_AND_VERSION_BYTES));
    Record record;
    try {
      record = RecordPayload.read(in, body[0] & 0xff);
    } catch (NewerFormatException e) {
      throw e;
    } catch (IOException | IllegalArgumentException e) {
      throw new CorruptRecordException(where + ": " + e.getMessage(), e);
    }
    if (in.available() > 0) {
      throw new CorruptRecordException(where + ": " + in.available() + " bytes too many");
    }
    return record;
  }
}
