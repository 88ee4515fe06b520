package io.sluice.datanode.pipe;

import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.entry.DeletionFields;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** A deletion as the bytes of a piece: {@code docs/formats/deletion-piece.md}. Stateless. */
final class DeletionPiece {
  private static final int MAGIC = 0x534C5544;
  private static final short VERSION = 1;
  private static final int HEADER_BYTES = 8;

  private DeletionPiece() {}

  static byte[] bytes(Deletion deletion) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      out.writeInt(MAGIC);
      out.writeShort(VERSION);
      out.writeShort(0);
      DeletionFields.write(out, deletion);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @param bytes whole: their checksum has been looked at
   * @throws IOException when they are no deletion this program can read
   */
  static Deletion read(byte[] bytes) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.remaining() < HEADER_BYTES || in.getInt() != MAGIC) {
      throw new IOException("it is no deletion");
    }
    short version = in.getShort();
    in.getShort();
    if (version != VERSION) {
      throw new IOException(
          "a deletion of format version " + version + ", this program reads " + VERSION);
    }
    try {
      Deletion deletion = DeletionFields.read(in);
      if (in.hasRemaining()) {
        throw new IOException(in.remaining() + " bytes behind a deletion");
      }
      return deletion;
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw new IOException("a deletion that cannot be read", e);
    }
  }
}
