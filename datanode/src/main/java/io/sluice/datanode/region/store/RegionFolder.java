package io.sluice.datanode.region.store;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.SealedFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a region keeps what: {@code manifest-N} at the top, sealed files in {@code files/}, files
 * of LoadFile entries not yet applied in {@code staging/}. See {@code
 * docs/formats/region-folder.md}.
 */
public record RegionFolder(Path root) {
  private static final Logger LOG = LoggerFactory.getLogger(RegionFolder.class);

  static final String FILES = "files";

  public Path files() {
    return root.resolve(FILES);
  }

  /** Images that peers copy. */
  Path images() {
    return root.resolve("images");
  }

  /** A peer's image while it is copied. */
  Path arriving() {
    return root.resolve("arriving");
  }

  /** A peer's image that is whole and to be put in place. */
  Path incoming() {
    return root.resolve("incoming");
  }

  /** Files of a peer that are to take the place of damaged ones. */
  Path repairing() {
    return root.resolve("repairing");
  }

  /** Rotten files whose place was taken by others; for people, who may remove them. */
  Path rotten() {
    return root.resolve("rotten");
  }

  public Path staging() {
    return root.resolve("staging");
  }

  /** Says up to where a peer's image was put in place. */
  Path installed() {
    return root.resolve("installed");
  }

  void create() throws IOException {
    Files.createDirectories(files());
    Files.createDirectories(staging());
    DurableFiles.syncFolder(root);
    DurableFiles.syncFolder(root.toAbsolutePath().getParent());
  }

  /** The file of a sealed memtable whose range ends at {@code end}. */
  Path sealed(long end) {
    return files().resolve(String.format("%020d.tsfile", end));
  }

  /** The file that the LoadFile entry at {@code index} brought. */
  Path loaded(long index) {
    return files().resolve(String.format("%020d.loaded.tsfile", index));
  }

  /**
   * A name for the file that an order's merge makes. Never the name of an earlier try: a manifest
   * whose last write failed may list that one.
   */
  Path merged(long end, long orderIndex) {
    return fresh(number -> String.format("%020d.merged-%d-%d.tsfile", end, orderIndex, number));
  }

  /** A name for a peer's file that takes the place of a damaged one; as above. */
  Path repaired(long end) {
    return fresh(number -> String.format("%020d.repaired-%d.tsfile", end, number));
  }

  /**
   * Gives a rotten file a second name, by which it stays when it is removed from the region's
   * files.
   */
  Path keepRotten(Path file) throws IOException {
    Files.createDirectories(rotten());
    String name = file.getFileName().toString();
    Path kept = fresh(rotten(), number -> number == 0 ? name : name + "-" + number);
    if (Files.exists(file)) {
      Files.createLink(kept, file);
      DurableFiles.syncFolder(rotten());
    }
    return kept;
  }

  private Path fresh(IntFunction<String> name) {
    return fresh(files(), name);
  }

  private static Path fresh(Path folder, IntFunction<String> name) {
    for (int number = 0; ; number++) {
      Path path = folder.resolve(name.apply(number));
      if (!Files.exists(path)) {
        return path;
      }
    }
  }

  Path staged(String name) {
    return staging().resolve(name);
  }

  /**
   * Makes the folder fit the manifest: what it lists must be there, what it does not list was never
   * durable and is removed (the log brings it again; a loaded file's staged name is still there).
   */
  void reconcile(List<SealedFile> listed) throws IOException {
    Set<Path> keep = new HashSet<>();
    for (SealedFile file : listed) {
      if (!Files.isRegularFile(file.path()) || Files.size(file.path()) != file.lengthBytes()) {
        throw new RegionRefusedException(
            file.path()
                + " is missing or not "
                + file.lengthBytes()
                + " bytes long, but the manifest lists it; bring it back from a backup");
      }
      keep.add(file.path().getFileName());
    }
    try (DirectoryStream<Path> present = Files.newDirectoryStream(files())) {
      for (Path file : present) {
        if (!keep.contains(file.getFileName())) {
          LOG.info("removing {}: no durable range lists it", file);
          Files.delete(file);
        }
      }
    }
  }

  /** Removes a file of the region that nobody needs any more. */
  void remove(Path file, Consumer<Path> removed) {
    try {
      Files.deleteIfExists(file);
      removed.accept(file);
    } catch (IOException e) {
      LOG.warn("{} is no more part of the region and stays until the next start", file, e);
    }
  }

  /** Removes staged files that no entry in {@code needed} waits for. */
  void sweepStaging(Set<String> needed) throws IOException {
    try (DirectoryStream<Path> staged = Files.newDirectoryStream(staging())) {
      for (Path file : staged) {
        if (!needed.contains(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
  }
}
