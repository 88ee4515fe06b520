package io.sluice.datanode.region.store;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.manifest.Manifest;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import io.sluice.datanode.region.scrub.RepairWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Files of a peer on their way into the place of damaged ones. They are copied below {@code
 * repairing/} with the peer's manifest, each is compared with it, renamed into {@code files/} under
 * a name of its own, and takes the damaged one's place by one group of the manifest. A crash before
 * that leaves files that nobody lists, one after it the damaged ones so: the next opening removes
 * them. One at a time.
 */
public final class FileReplacement {
  private final RegionFolder folder;
  private final ManifestIdentity identity;

  FileReplacement(RegionFolder folder, ManifestIdentity identity) {
    this.folder = folder;
    this.identity = identity;
  }

  /** An empty folder for files of a peer's image; what was there is gone. */
  public Path begin() throws IOException {
    clear();
    return Files.createDirectories(folder.repairing());
  }

  /** Nothing of it is needed any more. */
  public void clear() throws IOException {
    DurableFiles.deleteTree(folder.repairing());
  }

  /** What the manifest in {@link #begin}'s folder says; its files are below that folder. */
  public RegionImage arrived() throws IOException {
    Path from = folder.repairing();
    Manifest.Opened opened =
        Manifest.open(
            from, from.resolve(RegionFolder.FILES), identity.clusterId(), identity.regionId());
    opened.manifest().close();
    return opened.image();
  }

  /**
   * Gives the window's arrived files names in the region; durable on return, and not listed yet.
   *
   * @throws IOException when one of them is not what the peer's manifest says
   */
  List<SealedFile> place(RepairWindow window) throws IOException {
    for (SealedFile file : window.theirs()) {
      if (!LoadedFiles.whole(file.path(), file.lengthBytes(), file.crc32c())) {
        throw new IOException(file.path() + " is not what it was said to be");
      }
    }
    FileTime written = oldest(window.ours());
    List<SealedFile> placed = new ArrayList<>();
    for (SealedFile file : window.theirs()) {
      if (written != null) {
        Files.setLastModifiedTime(file.path(), written);
      }
      Path target = folder.repaired(file.end());
      Files.move(file.path(), target, StandardCopyOption.ATOMIC_MOVE);
      placed.add(
          new SealedFile(
              file.start(),
              file.end(),
              target,
              file.lengthBytes(),
              file.crc32c(),
              file.times(),
              file.route()));
    }
    DurableFiles.syncFolder(folder.files());
    return placed;
  }

  /** A pipe says how far behind it is by it; null when the damaged files are gone altogether. */
  private static FileTime oldest(List<SealedFile> files) throws IOException {
    FileTime oldest = null;
    for (SealedFile file : files) {
      if (Files.exists(file.path())) {
        FileTime written = Files.getLastModifiedTime(file.path());
        oldest = oldest == null || written.compareTo(oldest) < 0 ? written : oldest;
      }
    }
    return oldest;
  }
}
