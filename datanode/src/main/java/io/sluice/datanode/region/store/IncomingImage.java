package io.sluice.datanode.region.store;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.manifest.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer's durable image on its way into a region's folder. It is copied to {@code arriving/};
 * renamed to {@code incoming/} it is whole, and from then on it is the region: whoever opens the
 * region next puts it in place, as often as it takes.
 *
 * <p>In place means: its files are in {@code files/}, then its manifest is the newest one. Until
 * that last rename the old manifest is the newest; what the renames before it changed does not
 * matter, since nobody opens the region without finishing. See {@code
 * docs/formats/region-folder.md}.
 */
public final class IncomingImage {
  private static final Logger LOG = LoggerFactory.getLogger(IncomingImage.class);

  private final RegionFolder folder;
  private final UUID clusterId;
  private final UUID regionId;

  public IncomingImage(Path root, UUID clusterId, UUID regionId) {
    this.folder = new RegionFolder(root);
    this.clusterId = clusterId;
    this.regionId = regionId;
  }

  /** An empty folder to copy a peer's image into; what was there is gone. */
  public Path begin() throws IOException {
    DurableFiles.deleteTree(folder.arriving());
    return Files.createDirectories(folder.arriving());
  }

  /**
   * The image in {@link #begin}'s folder is whole and on disk: looks at every byte and makes it the
   * one to be put in place.
   *
   * @return what it is
   * @throws IOException when it is not this region's, or a file is not what the manifest says
   */
  public RegionImage publish() throws IOException {
    RegionImage image = read(folder.arriving());
    for (SealedFile file : image.files()) {
      if (!LoadedFiles.whole(file.path(), file.lengthBytes(), file.crc32c())) {
        throw new IOException(file.path() + " is not what the peer's manifest says");
      }
    }
    Files.createDirectories(folder.arriving().resolve(RegionFolder.FILES));
    DurableFiles.syncFolder(folder.arriving().resolve(RegionFolder.FILES));
    DurableFiles.syncFolder(folder.arriving());
    DurableFiles.deleteTree(folder.incoming());
    Files.move(folder.arriving(), folder.incoming(), StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncFolder(folder.root());
    return image;
  }

  /** Log index of the image in {@link #begin}'s folder. */
  public long arrivedIndex() throws IOException {
    return read(folder.arriving()).index();
  }

  private RegionImage read(Path from) throws IOException {
    Manifest.Opened opened =
        Manifest.open(from, from.resolve(RegionFolder.FILES), clusterId, regionId);
    opened.manifest().close();
    return opened.image();
  }

  /**
   * Puts a published image in place, unless the region has come further by itself; nothing happens
   * when there is none. Nobody may have the region open.
   *
   * @return whether the region is now what a peer was
   */
  public boolean putInPlace() throws IOException {
    return putInPlace(() -> {});
  }

  /**
   * @param step runs between any two changes on disk, for tests to stop at
   */
  boolean putInPlace(Runnable step) throws IOException {
    DurableFiles.deleteTree(folder.arriving());
    Path incoming = folder.incoming();
    boolean placed = false;
    if (Manifest.existsIn(incoming)) {
      placed = place(incoming, step);
    }
    step.run();
    DurableFiles.deleteTree(incoming);
    return placed;
  }

  private boolean place(Path incoming, Runnable step) throws IOException {
    RegionImage next = read(incoming);
    RegionImage now = read(folder.root());
    if (next.index() <= now.index()) {
      LOG.info("{} is left aside: the region is at {} by itself", incoming, now.index());
      return false;
    }
    step.run();
    Path from = incoming.resolve(RegionFolder.FILES);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(from)) {
      for (Path file : files) {
        Path target = folder.files().resolve(file.getFileName().toString());
        Files.move(
            file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        step.run();
      }
    }
    DurableFiles.syncFolder(folder.files());
    requireAll(next);
    step.run();
    DurableFiles.replace(
        folder.installed(), Long.toString(next.index()).getBytes(StandardCharsets.US_ASCII));
    step.run();
    Manifest.adopt(folder.root(), incoming);
    LOG.info("Region {}: is now as a peer was at log index {}", regionId, next.index());
    return true;
  }

  /**
   * Log index of the last image that was put in place here: as long as the manifest has not come
   * further, the log may end before it. Empty when there was none.
   */
  public static OptionalLong installedIndex(Path root) throws IOException {
    Path file = new RegionFolder(root).installed();
    if (!Files.exists(file)) {
      return OptionalLong.empty();
    }
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    try {
      return OptionalLong.of(Long.parseLong(text.strip()));
    } catch (NumberFormatException e) {
      throw new RegionRefusedException(file + " is damaged; bring it back from a backup", e);
    }
  }

  private void requireAll(RegionImage next) throws IOException {
    for (SealedFile file : next.files()) {
      Path there = folder.files().resolve(file.path().getFileName().toString());
      if (!Files.isRegularFile(there) || Files.size(there) != file.lengthBytes()) {
        throw new RegionRefusedException(
            there + " did not arrive whole; remove this replica and let it be made again");
      }
    }
  }
}
