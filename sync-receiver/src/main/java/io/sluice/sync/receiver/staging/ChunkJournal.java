package io.sluice.sync.receiver.staging;

import io.sluice.common.sync.Source;
import io.sluice.common.sync.SyncBytes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The staging journal of one partial file, see {@code docs/formats/staging.md}. Not thread-safe.
 */
final class ChunkJournal implements AutoCloseable {
  static final int MAGIC = 0x534C5354;
  static final int VERSION = 1;
  private static final int KEY_OFFSET = 8;
  private static final int SOURCE_BYTES = 32;
  static final int ENTRY_BYTES = 20;
  static final int ENTRY_CHECKED_BYTES = 16;

  /** Bytes read at once while checking what is in the file. */
  private static final int READ_BYTES = 1 << 18;

  private final FileChannel channel;
  private long endBytes;

  private ChunkJournal(FileChannel channel) {
    this.channel = channel;
  }

  /** A journal of {@code key}, whatever was at {@code file} before. */
  static ChunkJournal create(Path file, PieceKey key) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    ChunkJournal journal = new ChunkJournal(channel);
    journal.append(ByteBuffer.wrap(header(key)));
    return journal;
  }

  /** Null when the file's header is not {@code key}'s. */
  static ChunkJournal open(Path file, PieceKey key) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    byte[] expected = header(key);
    ByteBuffer found = ByteBuffer.allocate(expected.length);
    readFully(channel, found, 0);
    if (found.hasRemaining() || !Arrays.equals(found.array(), expected)) {
      channel.close();
      return null;
    }
    ChunkJournal journal = new ChunkJournal(channel);
    journal.endBytes = expected.length;
    return journal;
  }

  /**
   * Whose file a journal is of; empty when it is none.
   *
   * @throws IOException when it cannot be read
   */
  static Optional<Source> sourceOf(Path file) throws IOException {
    ByteBuffer found = ByteBuffer.allocate(KEY_OFFSET + SOURCE_BYTES);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      readFully(channel, found, 0);
    }
    if (found.hasRemaining() || found.getInt(0) != MAGIC || found.getShort(4) != VERSION) {
      return Optional.empty();
    }
    var key = new ByteArrayInputStream(found.array(), KEY_OFFSET, SOURCE_BYTES);
    return Optional.of(SyncBytes.readSource(new DataInputStream(key)));
  }

  static byte[] header(PieceKey key) throws IOException {
    var bytes = new ByteArrayOutputStream();
    var out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    out.writeShort(VERSION);
    out.writeShort(0);
    key.write(out);
    CRC32C crc = new CRC32C();
    crc.update(bytes.toByteArray());
    out.writeInt((int) crc.getValue());
    return bytes.toByteArray();
  }

  /**
   * How many bytes of {@code content} are what the journal says, feeding them into {@code whole};
   * cuts the journal off there. Call once, before {@link #add}.
   */
  long verify(FileChannel content, CRC32C whole) throws IOException {
    long held = 0;
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    while (true) {
      entry.clear();
      readFully(channel, entry, endBytes);
      if (entry.hasRemaining() || !intact(entry) || entry.getLong(0) != held) {
        break;
      }
      int length = entry.getInt(8);
      if (length <= 0 || !matches(content, held, length, entry.getInt(12), whole)) {
        break;
      }
      held += length;
      endBytes += ENTRY_BYTES;
    }
    channel.truncate(endBytes);
    return held;
  }

  private static boolean intact(ByteBuffer entry) {
    CRC32C crc = new CRC32C();
    crc.update(entry.array(), 0, ENTRY_CHECKED_BYTES);
    return (int) crc.getValue() == entry.getInt(ENTRY_CHECKED_BYTES);
  }

  /** Feeds {@code whole} only when the chunk matches; so it reads a chunk a second time. */
  private static boolean matches(
      FileChannel content, long offset, int length, int crc32c, CRC32C whole) throws IOException {
    CRC32C chunk = new CRC32C();
    return feed(content, offset, length, chunk)
        && (int) chunk.getValue() == crc32c
        && feed(content, offset, length, whole);
  }

  private static boolean feed(FileChannel content, long offset, int length, CRC32C crc)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(length, READ_BYTES));
    int left = length;
    while (left > 0) {
      buffer.clear().limit(Math.min(left, buffer.capacity()));
      readFully(content, buffer, offset + length - left);
      if (buffer.hasRemaining()) {
        return false;
      }
      left -= buffer.position();
      crc.update(buffer.flip());
    }
    return true;
  }

  void add(long offset, int length, int crc32c) throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    entry.putLong(offset).putInt(length).putInt(crc32c);
    CRC32C crc = new CRC32C();
    crc.update(entry.array(), 0, ENTRY_CHECKED_BYTES);
    entry.putInt((int) crc.getValue());
    append(entry.flip());
  }

  private void append(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      endBytes += channel.write(bytes, endBytes);
    }
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long offset)
      throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int count = channel.read(into, at);
      if (count < 0) {
        return;
      }
      at += count;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
