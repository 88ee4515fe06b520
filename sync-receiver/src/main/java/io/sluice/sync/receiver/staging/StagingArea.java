package io.sluice.sync.receiver.staging;

import io.sluice.common.sync.Source;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of files on their way in, and how much of it is spoken for. A file's full length is
 * reserved when it is admitted; files nobody is sending give way, oldest first. Thread-safe.
 */
public final class StagingArea {
  private static final String CONTENT = ".part";
  private static final String JOURNAL = ".chunks";

  /** Held and idle ones together: each held one has two files open. */
  static final int FILES_MAX = 4_096;

  private final Path folder;
  private final long bytesMax;

  /** Files a session holds. */
  private final Map<String, PartialFile> held = new HashMap<>();

  /** Reserved bytes of files nobody holds, oldest first. */
  private final LinkedHashMap<String, Long> idle = new LinkedHashMap<>();

  private long reservedBytes;

  /** Another session took the file over. */
  public static final class TakenOverException extends IOException {
    TakenOverException(Path path) {
      super(path + " is being sent over another connection");
    }
  }

  /** The file could never fit. */
  public static final class TooLargeException extends Exception {
    TooLargeException(long lengthBytes, long bytesMax) {
      super("a file of " + lengthBytes + " bytes; staging takes " + bytesMax);
    }
  }

  private StagingArea(Path folder, long bytesMax) {
    this.folder = folder;
    this.bytesMax = bytesMax;
  }

  /** Takes over what an earlier run left in {@code folder}. */
  public static StagingArea open(Path folder, long bytesMax) throws IOException {
    Files.createDirectories(folder);
    StagingArea area = new StagingArea(folder, bytesMax);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + CONTENT)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        area.idle.put(name.substring(0, name.length() - CONTENT.length()), Files.size(file));
      }
    }
    for (long bytes : area.idle.values()) {
      area.reservedBytes += bytes;
    }
    return area;
  }

  /**
   * The file of {@code key}, with the bytes that are there, if there is room for all of it. A
   * session that held it loses it.
   *
   * @return empty when there is no room now: ask again later
   */
  public synchronized Optional<PartialFile> admit(PieceKey key)
      throws TooLargeException, IOException {
    if (key.lengthBytes() > bytesMax) {
      throw new TooLargeException(key.lengthBytes(), bytesMax);
    }
    String name = key.fileName();
    PartialFile former = held.remove(name);
    if (former != null) {
      former.close();
      idle.put(name, key.lengthBytes());
    }
    long hadBytes = idle.getOrDefault(name, 0L);
    if (!makeRoom(key.lengthBytes() - hadBytes, name)) {
      return Optional.empty();
    }
    PartialFile file =
        PartialFile.open(this, key, folder.resolve(name + CONTENT), folder.resolve(name + JOURNAL));
    idle.remove(name);
    reservedBytes += key.lengthBytes() - hadBytes;
    held.put(name, file);
    return Optional.of(file);
  }

  private boolean makeRoom(long bytes, String keep) throws IOException {
    Iterator<Map.Entry<String, Long>> oldest = idle.entrySet().iterator();
    while (!fits(bytes, keep) && oldest.hasNext()) {
      Map.Entry<String, Long> victim = oldest.next();
      if (!victim.getKey().equals(keep)) {
        delete(victim.getKey());
        reservedBytes -= victim.getValue();
        oldest.remove();
      }
    }
    return fits(bytes, keep);
  }

  private boolean fits(long bytes, String name) {
    int others = held.size() + idle.size() - (idle.containsKey(name) ? 1 : 0);
    return reservedBytes + bytes <= bytesMax && others < FILES_MAX;
  }

  /** Lengths of all files, as declared. */
  public synchronized long reservedBytes() {
    return reservedBytes;
  }

  synchronized void requireHeld(PartialFile file) throws TakenOverException {
    if (held.get(file.key().fileName()) != file) {
      throw new TakenOverException(file.path());
    }
  }

  synchronized void released(PartialFile file) {
    String name = file.key().fileName();
    if (held.remove(name, file)) {
      idle.put(name, file.key().lengthBytes());
    }
  }

  synchronized void discarded(PartialFile file) throws IOException {
    String name = file.key().fileName();
    if (held.remove(name, file)) {
      reservedBytes -= file.key().lengthBytes();
      delete(name);
    }
  }

  /** The source's pipe is no more: files of it that nobody is sending go. */
  public synchronized void forget(Source source) throws IOException {
    Iterator<Map.Entry<String, Long>> all = idle.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Long> file = all.next();
      Path journal = folder.resolve(file.getKey() + JOURNAL);
      if (Files.exists(journal)
          && ChunkJournal.sourceOf(journal).filter(source::equals).isPresent()) {
        delete(file.getKey());
        reservedBytes -= file.getValue();
        all.remove();
      }
    }
  }

  private void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name + CONTENT));
    Files.deleteIfExists(folder.resolve(name + JOURNAL));
  }
}
