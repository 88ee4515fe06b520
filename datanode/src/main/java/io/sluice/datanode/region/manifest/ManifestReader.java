package io.sluice.datanode.region.manifest;

import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Reads a manifest from its beginning. Records count only with the Advanced that closes their
 * group; a group cut short by the end of the file was never acknowledged and is not read.
 * Everything else that does not fit stops with {@link ManifestDamagedException}.
 */
final class ManifestReader {
  /** A record longer than this was never written. */
  static final int RECORD_BYTES_MAX = 512 << 20;

  private final Path file;
  private final FileChannel channel;
  private final long length;
  private long offset;

  /**
   * @param goodBytes the file up to the end of the last whole group; what follows is to be cut off
   */
  record Contents(ManifestIdentity identity, RegionImage image, long baseBytes, long goodBytes) {}

  private ManifestReader(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    this.length = channel.size();
  }

  static Contents read(Path file, Path files) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new ManifestReader(file, channel).read(files);
    }
  }

  private Contents read(Path files) throws IOException {
    readFileHeader();
    ByteBuffer first = nextRecord();
    if (first == null) {
      throw damaged(offset, "it ends before its first record", null);
    }
    ManifestIdentity identity =
        parsed(ManifestFrames.FILE_HEADER_BYTES, first, in -> ManifestRecords.readIdentity(in));
    RegionImage image = RegionImage.EMPTY;
    List<Change> group = new ArrayList<>();
    long baseBytes = 0;
    long goodBytes = offset;
    while (true) {
      long start = offset;
      ByteBuffer record = nextRecord();
      if (record == null) {
        break;
      }
      Change change = parsed(start, record, in -> ManifestRecords.read(in, files));
      group.add(change);
      if (change instanceof Change.Advanced) {
        image = replayed(image, group, start);
        group.clear();
        goodBytes = offset;
        baseBytes = baseBytes == 0 ? goodBytes : baseBytes;
      }
    }
    if (baseBytes == 0) {
      throw damaged(goodBytes, "it ends within its base", null);
    }
    return new Contents(identity, image, baseBytes, goodBytes);
  }

  private RegionImage replayed(RegionImage image, List<Change> group, long start)
      throws ManifestDamagedException {
    try {
      return image.replay(group);
    } catch (RuntimeException e) {
      throw damaged(start, "its records contradict each other", e);
    }
  }

  private void readFileHeader() throws IOException {
    ByteBuffer header = readFully(ManifestFrames.FILE_HEADER_BYTES);
    if (header == null || header.getLong() != ManifestFrames.MAGIC) {
      throw damaged(0, "it is not a manifest", null);
    }
    int version = header.getInt();
    if (version != ManifestFrames.VERSION) {
      throw damaged(
          0,
          "it is of version " + version + ", this program reads " + ManifestFrames.VERSION,
          null);
    }
  }

  /** The next record's content, null at the end of what was written whole. */
  private ByteBuffer nextRecord() throws IOException {
    long start = offset;
    ByteBuffer header = readFully(ManifestFrames.RECORD_HEADER_BYTES);
    if (header == null) {
      return null;
    }
    int contentBytes = header.getInt(0);
    CRC32C headerCrc = new CRC32C();
    headerCrc.update(header.slice(0, 8));
    if ((int) headerCrc.getValue() != header.getInt(8)) {
      if (zerosFrom(start)) {
        return null;
      }
      throw damaged(start, "a record's header does not match its checksum", null);
    }
    if (contentBytes <= 0 || contentBytes > RECORD_BYTES_MAX) {
      throw damaged(start, "a record of " + contentBytes + " bytes", null);
    }
    ByteBuffer content = readFully(contentBytes);
    if (content == null) {
      return null;
    }
    CRC32C crc = new CRC32C();
    crc.update(content.duplicate());
    if ((int) crc.getValue() != header.getInt(4)) {
      boolean unwritten = content.get(contentBytes - 1) == 0 && offset == length;
      if (unwritten) {
        return null;
      }
      throw damaged(start, "a record does not match its checksum", null);
    }
    content.limit(contentBytes - 1);
    return content;
  }

  /** A crash may leave a file longer than what was written, filled with zeros. */
  private boolean zerosFrom(long start) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    for (long at = start; at < length; at += buffer.limit()) {
      buffer.clear();
      if (channel.read(buffer, at) <= 0) {
        return true;
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        if (buffer.get() != 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Null when the file ends before. */
  private ByteBuffer readFully(int bytes) throws IOException {
    if (offset + bytes > length) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, offset + buffer.position()) < 0) {
        throw new IOException(file + " became shorter while it was read");
      }
    }
    offset += bytes;
    return buffer.flip();
  }

  private interface Parser<T> {
    T parse(ByteBuffer in) throws IOException;
  }

  private <T> T parsed(long start, ByteBuffer content, Parser<T> parser)
      throws ManifestDamagedException {
    try {
      T value = parser.parse(content);
      if (content.hasRemaining()) {
        throw damaged(start, content.remaining() + " bytes too many in a record", null);
      }
      return value;
    } catch (ManifestDamagedException e) {
      throw e;
    } catch (BufferUnderflowException | IllegalArgumentException | IOException e) {
      throw damaged(start, "a record cannot be read", e);
    }
  }

  private ManifestDamagedException damaged(long at, String what, Exception cause) {
    return new ManifestDamagedException(file, at, what, cause);
  }
}
