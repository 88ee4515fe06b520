package io.sluice.datanode.region.manifest;

import io.sluice.datanode.region.image.Change;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.zip.CRC32C;

/** How a manifest's records are framed and written. */
final class ManifestFrames {
  /** "SLUICEMF". */
  static final long MAGIC = 0x534C554943454D46L;

  static final int VERSION = 1;

  /** Magic (int64), version (int32). */
  static final int FILE_HEADER_BYTES = 12;

  /** Content length (int32), CRC32C of the content, CRC32C of these first 8 bytes. */
  static final int RECORD_HEADER_BYTES = 12;

  /**
   * Last byte of every record's content. A crash may leave blocks of zeros at the end of a file: a
   * zero here tells a record that was never written whole from one that was damaged later.
   */
  static final byte TRAILER = (byte) 0xA5;

  /** Records are gathered up to this size before they are written. */
  private static final int WRITE_BYTES = 1 << 20;

  private final FileChannel channel;
  private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();

  ManifestFrames(FileChannel channel) {
    this.channel = channel;
  }

  void writeFileHeader(ManifestIdentity identity) throws IOException {
    gathered.writeBytes(
        ByteBuffer.allocate(FILE_HEADER_BYTES).putLong(MAGIC).putInt(VERSION).array());
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    ManifestRecords.writeIdentity(new DataOutputStream(content), identity);
    frame(content);
  }

  void write(List<Change> changes) throws IOException {
    for (Change change : changes) {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      ManifestRecords.write(new DataOutputStream(content), change);
      frame(content);
    }
  }

  /** Everything written so far is in the file and durable on return. */
  void sync() throws IOException {
    drain();
    channel.force(true);
  }

  private void frame(ByteArrayOutputStream content) throws IOException {
    content.write(TRAILER);
    byte[] bytes = content.toByteArray();
    ByteBuffer header = ByteBuffer.allocate(RECORD_HEADER_BYTES);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    header.putInt(bytes.length).putInt((int) crc.getValue());
    CRC32C headerCrc = new CRC32C();
    headerCrc.update(header.array(), 0, 8);
    header.putInt((int) headerCrc.getValue());
    gathered.writeBytes(header.array());
    gathered.writeBytes(bytes);
    if (gathered.size() >= WRITE_BYTES) {
      drain();
    }
  }

  private void drain() throws IOException {
    ByteBuffer out = ByteBuffer.wrap(gathered.toByteArray());
    gathered.reset();
    while (out.hasRemaining()) {
      channel.write(out);
    }
  }
}
