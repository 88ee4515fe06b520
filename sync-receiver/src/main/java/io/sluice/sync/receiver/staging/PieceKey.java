package io.sluice.sync.receiver.staging;

import io.sluice.common.sync.Source;
import io.sluice.common.sync.SyncBytes;
import java.io.ByteArrayOutputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Which file this is: the same source, range, length and checksum is the same file.
 *
 * @param start of its range, exclusive
 * @param end of its range, inclusive
 * @param crc32c of the whole file
 */
public record PieceKey(Source source, long start, long end, long lengthBytes, int crc32c) {
  private static final int NAME_BYTES = 16;

  void write(DataOutput out) throws IOException {
    SyncBytes.write(out, source);
    out.writeLong(start);
    out.writeLong(end);
    out.writeLong(lengthBytes);
    out.writeInt(crc32c);
  }

  /** A file name of hex digits, made of the key's hash and nothing a sender chose. */
  String fileName() {
    var bytes = new ByteArrayOutputStream();
    try {
      write(new DataOutputStream(bytes));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
      return HexFormat.of().formatHex(Arrays.copyOf(hash, NAME_BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
