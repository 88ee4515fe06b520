package io.sluice.sync.receiver.staging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file on its way in, held by one session. Bytes count as held once their chunk's checksum has
 * matched. Not thread-safe: its session's tasks run one at a time.
 */
public final class PartialFile {
  private final StagingArea area;
  private final PieceKey key;
  private final Path path;
  private final FileChannel content;
  private final ChunkJournal journal;

  /** Of the held bytes. */
  private final CRC32C wholeCrc;

  private long heldBytes;

  /** Of the chunk that is arriving. */
  private final CRC32C chunkCrc = new CRC32C();

  private int chunkBytes;

  private PartialFile(
      StagingArea area,
      PieceKey key,
      Path path,
      FileChannel content,
      ChunkJournal journal,
      CRC32C wholeCrc,
      long heldBytes) {
    this.area = area;
    this.key = key;
    this.path = path;
    this.content = content;
    this.journal = journal;
    this.wholeCrc = wholeCrc;
    this.heldBytes = heldBytes;
  }

  /**
   * Goes on with what is there. A file that is not what its journal says begins anew under the same
   * name, never by cutting it: once whole it may have been linked into a region.
   */
  static PartialFile open(StagingArea area, PieceKey key, Path path, Path journalPath)
      throws IOException {
    ChunkJournal journal = Files.exists(journalPath) ? ChunkJournal.open(journalPath, key) : null;
    if (journal != null) {
      PartialFile resumed = resume(area, key, path, journal);
      if (resumed != null) {
        return resumed;
      }
    }
    Files.deleteIfExists(path);
    FileChannel content = openContent(path);
    try {
      ChunkJournal fresh = ChunkJournal.create(journalPath, key);
      return new PartialFile(area, key, path, content, fresh, new CRC32C(), 0);
    } catch (IOException e) {
      content.close();
      throw e;
    }
  }

  /** Null, with everything closed, when the file was whole once and its journal is not. */
  private static PartialFile resume(StagingArea area, PieceKey key, Path path, ChunkJournal journal)
      throws IOException {
    FileChannel content = openContent(path);
    boolean resumed = false;
    try {
      CRC32C whole = new CRC32C();
      long held = journal.verify(content, whole);
      if (held < key.lengthBytes() && content.size() >= key.lengthBytes()) {
        return null;
      }
      content.truncate(held);
      resumed = true;
      return new PartialFile(area, key, path, content, journal, whole, held);
    } finally {
      if (!resumed) {
        content.close();
        journal.close();
      }
    }
  }

  private static FileChannel openContent(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  public PieceKey key() {
    return key;
  }

  public Path path() {
    return path;
  }

  /** Where the sender goes on. */
  public long heldBytes() {
    return heldBytes;
  }

  /** Takes bytes of the chunk that starts at {@link #heldBytes}. */
  public void write(ByteBuffer bytes) throws IOException {
    area.requireHeld(this);
    chunkCrc.update(bytes.duplicate());
    while (bytes.hasRemaining()) {
      chunkBytes += content.write(bytes, heldBytes + chunkBytes);
    }
  }

  /**
   * The chunk is complete: it counts, if its bytes are what they should be.
   *
   * @return false when not; the bytes are thrown away
   */
  public boolean endChunk(int crc32c) throws IOException {
    area.requireHeld(this);
    int actual = (int) chunkCrc.getValue();
    int length = chunkBytes;
    chunkCrc.reset();
    chunkBytes = 0;
    if (actual != crc32c) {
      content.truncate(heldBytes);
      return false;
    }
    feedWhole(length);
    journal.add(heldBytes, length, crc32c);
    heldBytes += length;
    return true;
  }

  /** Reads the chunk again, from the page cache: what counts is what is in the file. */
  private void feedWhole(int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(length, 1 << 18));
    long at = heldBytes;
    long end = heldBytes + length;
    while (at < end) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
      int count = content.read(buffer, at);
      if (count < 0) {
        throw new IOException(path + " is shorter than what was written to it");
      }
      at += count;
      wholeCrc.update(buffer.flip());
    }
  }

  /**
   * All bytes are held: makes them durable, if they are the file they should be.
   *
   * @return false when not; {@link #discard} is next
   */
  public boolean finish() throws IOException {
    area.requireHeld(this);
    if (heldBytes != key.lengthBytes() || (int) wholeCrc.getValue() != key.crc32c()) {
      return false;
    }
    content.force(true);
    return true;
  }

  /** Lets go of the file; it stays for whoever sends it again. */
  public void release() throws IOException {
    close();
    area.released(this);
  }

  /** Deletes the file: applied everywhere, or damaged. */
  public void discard() throws IOException {
    close();
    area.discarded(this);
  }

  void close() throws IOException {
    content.close();
    journal.close();
  }
}
