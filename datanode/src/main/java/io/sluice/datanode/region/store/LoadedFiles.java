package io.sluice.datanode.region.store;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.RegionImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The files of LoadFile entries, from their staged names to their names in the region. The applying
 * thread links them; any thread may look for one.
 */
final class LoadedFiles {
  private final RegionFolder folder;
  private final MissingFiles missing;
  private final Supplier<Set<String>> pending;

  /** Set once the log was replayed: until then a staged file may be needed by a later entry. */
  private volatile boolean live;

  /**
   * @param pending names that ranges not yet durable still need
   */
  LoadedFiles(RegionFolder folder, MissingFiles missing, Supplier<Set<String>> pending) {
    this.folder = folder;
    this.missing = missing;
    this.pending = pending;
  }

  /**
   * Makes the file part of the region. Hard-links, never moves: until the range is durable a replay
   * needs the staged name again.
   */
  SealedFile link(long index, LogEntry.LoadFile load) throws IOException {
    Path target = folder.loaded(index);
    Path staged = folder.staged(load.stagedName());
    if (!whole(target, load.lengthBytes(), load.crc32c())) {
      Files.deleteIfExists(target);
      if (!whole(staged, load.lengthBytes(), load.crc32c())) {
        missing.fetch(index, load, staged);
      }
      Files.createLink(target, staged);
    }
    return new SealedFile(
        index - 1, index, target, load.lengthBytes(), load.crc32c(), load.range(), load.route());
  }

  /** A piece without effect leaves no file behind, unless its sender is to try once more. */
  void refused(LogEntry.LoadFile load, ApplyResult result) throws IOException {
    if (live
        && !(result instanceof ApplyResult.RecordMismatch)
        && !pending.get().contains(load.stagedName())) {
      Files.deleteIfExists(folder.staged(load.stagedName()));
    }
  }

  /** The range that holds these is durable: its files have names of their own. */
  void durable(Iterable<String> stagedNames) throws IOException {
    for (String name : stagedNames) {
      Files.deleteIfExists(folder.staged(name));
    }
  }

  /** See {@link RegionStore#goLive}. */
  void goLive() throws IOException {
    if (!live) {
      folder.sweepStaging(pending.get());
      live = true;
    }
  }

  boolean staged(LogEntry.LoadFile load) throws IOException {
    return whole(folder.staged(load.stagedName()), load.lengthBytes(), load.crc32c());
  }

  /** See {@link io.sluice.datanode.region.Region#loadFile}. */
  Optional<Path> find(RegionImage image, String stagedName, long lengthBytes, int crc32c)
      throws IOException {
    Path staged = folder.staged(stagedName);
    if (whole(staged, lengthBytes, crc32c)) {
      return Optional.of(staged);
    }
    for (SealedFile file : image.files()) {
      if (file.loaded()
          && file.lengthBytes() == lengthBytes
          && file.crc32c() == crc32c
          && whole(file.path(), lengthBytes, crc32c)) {
        return Optional.of(file.path());
      }
    }
    return Optional.empty();
  }

  /** Whether it is this file, to the last byte. */
  static boolean whole(Path file, long lengthBytes, int crc32c) throws IOException {
    return Files.isRegularFile(file)
        && Files.size(file) == lengthBytes
        && DurableFiles.crc32c(file) == crc32c;
  }
}
