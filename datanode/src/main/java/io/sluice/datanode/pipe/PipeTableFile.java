package io.sluice.datanode.pipe;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.rpc.PipeTable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.thrift.TDeserializer;
import org.apache.thrift.TException;
import org.apache.thrift.TSerializer;

/** The pipe table on disk, see {@code docs/formats/pipe-table.md}. */
final class PipeTableFile {
  private static final int MAGIC = 0x534C5054;
  private static final short VERSION = 1;
  private static final int HEADER_BYTES = 16;

  private final Path path;

  PipeTableFile(Path path) {
    this.path = path;
  }

  /**
   * Empty when there is none.
   *
   * @throws IOException naming the file when it is damaged or of another version
   */
  Optional<PipeTable> read() throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path));
    if (bytes.remaining() < HEADER_BYTES || bytes.getInt() != MAGIC) {
      throw damaged("is no pipe table");
    }
    short version = bytes.getShort();
    bytes.getShort();
    if (version != VERSION) {
      throw damaged("has format version " + version + ", this program reads " + VERSION);
    }
    int length = bytes.getInt();
    int expected = bytes.getInt();
    if (length != bytes.remaining() || crc(bytes) != expected) {
      throw damaged("does not match its checksum");
    }
    try {
      byte[] body = new byte[length];
      bytes.get(body);
      PipeTable table = new PipeTable();
      new TDeserializer().deserialize(table, body);
      return Optional.of(table);
    } catch (TException e) {
      throw new IOException(path + " cannot be read", e);
    }
  }

  void write(PipeTable table) throws IOException {
    try {
      byte[] body = new TSerializer().serialize(table);
      ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + body.length);
      bytes.putInt(MAGIC).putShort(VERSION).putShort((short) 0).putInt(body.length);
      bytes.putInt(crc(ByteBuffer.wrap(body))).put(body);
      Files.createDirectories(path.getParent());
      DurableFiles.replace(path, bytes.array());
    } catch (TException e) {
      throw new IOException("the pipe table cannot be written", e);
    }
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  private IOException damaged(String what) {
    return new IOException(
        path + " " + what + ": move it away, the ConfigNode sends the pipe table again");
  }
}
