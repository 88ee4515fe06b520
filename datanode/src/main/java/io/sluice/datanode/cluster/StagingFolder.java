package io.sluice.datanode.cluster;

import io.sluice.common.file.DurableFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Files that wait for their LoadFile entry. A file is written under a name no staged file can have
 * and gets its own once it is whole and on disk. Calls of {@link #write} for one name are not to
 * overlap.
 */
final class StagingFolder {
  /** Not a character of a staged name. A file of chunks so far. */
  private static final String PARTIAL_SUFFIX = "~";

  /**
   * Begins the rest of the name of a file on its way in that is not made of chunks of {@link
   * #write}.
   */
  private static final String ARRIVING_SUFFIX = "~in";

  private final Path folder;

  StagingFolder(Path folder) {
    this.folder = folder;
  }

  /** A chunk that must not be written: the text says why. The sender is wrong, not the disk. */
  static final class RefusedChunkException extends Exception {
    RefusedChunkException(String message) {
      super(message);
    }
  }

  /**
   * Writes one chunk. A chunk may come again; offset 0 starts the file anew.
   *
   * @param last the file is whole with this chunk: on return it is durable under its name
   */
  void write(String name, long offset, ByteBuffer data, int crc32c, boolean last)
      throws IOException, RefusedChunkException {
    checkName(name);
    checkCrc(name, data, crc32c);
    Path whole = folder.resolve(name);
    Path partial = folder.resolve(name + PARTIAL_SUFFIX);
    long endOffset = Math.addExact(offset, data.remaining());
    if (last && offset > 0 && !Files.exists(partial) && regular(whole, endOffset)) {
      return; // the answer to this very chunk was lost
    }
    Files.createDirectories(folder);
    if (offset == 0) {
      Files.deleteIfExists(partial); // anew, never into a file that another name shares
    }
    try (FileChannel channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS)) {
      if (offset < 0 || offset > channel.size()) {
        throw new RefusedChunkException(
            name + ": offset " + offset + " is not within the " + channel.size() + " bytes here");
      }
      channel.truncate(offset);
      long at = offset;
      while (data.hasRemaining()) {
        at += channel.write(data, at);
      }
      if (last) {
        channel.force(true);
      }
    }
    if (last) {
      publish(partial, whole);
    }
  }

  /** Takes in a copy of {@code file}, without copying bytes where the file system allows. */
  void adopt(Path file, String name) throws IOException {
    if (!StagedName.legal(name)) {
      throw new IllegalArgumentException("not a name for a staged file: " + name);
    }
    Files.createDirectories(folder);
    Path whole = folder.resolve(name);
    if (Files.exists(whole) && Files.isSameFile(whole, file)) {
      return;
    }
    // A name of its own: two sessions may bring the same piece at once.
    Path partial = folder.resolve(name + ARRIVING_SUFFIX + UUID.randomUUID());
    try {
      Files.createLink(partial, file);
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, or one without links.
      Files.copy(file, partial);
    }
    try {
      DurableFiles.sync(partial);
      publish(partial, whole);
    } finally {
      // Still there when it failed, or when both names were the same file's already.
      Files.deleteIfExists(partial);
    }
  }

  /** Fills a file that does not exist yet; on return it is durable. */
  @FunctionalInterface
  interface Filling {
    void into(Path target) throws IOException;
  }

  /** Takes in a file under its name once it is filled whole. */
  void receive(String name, Filling filling) throws IOException {
    if (!StagedName.legal(name)) {
      throw new IllegalArgumentException("not a name for a staged file: " + name);
    }
    Files.createDirectories(folder);
    Path partial = folder.resolve(name + ARRIVING_SUFFIX + UUID.randomUUID());
    try {
      filling.into(partial);
      publish(partial, folder.resolve(name));
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private void publish(Path partial, Path whole) throws IOException {
    Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    DurableFiles.syncFolder(folder);
  }

  private static boolean regular(Path file, long lengthBytes) throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) == lengthBytes;
  }

  private static void checkName(String name) throws RefusedChunkException {
    if (!StagedName.legal(name)) {
      throw new RefusedChunkException("not a name for a staged file");
    }
  }

  private static void checkCrc(String name, ByteBuffer data, int crc32c)
      throws RefusedChunkException {
    CRC32C crc = new CRC32C();
    crc.update(data.duplicate());
    if ((int) crc.getValue() != crc32c) {
      throw new RefusedChunkException(name + ": the chunk does not match its checksum");
    }
  }
}
