package io.sluice.datanode.region.store;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.manifest.Manifest;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Durable images that peers copy, each a folder below {@code images/} with a manifest of its own
 * and hard links to the sealed files: they stay whatever becomes of the region meanwhile.
 * Thread-safe.
 */
final class OpenImages {
  private static final Logger LOG = LoggerFactory.getLogger(OpenImages.class);

  /**
   * A region has two peers at most; twice that, for those that came back before they were missed.
   */
  private static final int OPEN_MAX = 4;

  private final Path root;
  private long opened;
  private int open;

  /** Removes what an earlier process left. */
  OpenImages(RegionFolder folder) throws IOException {
    this.root = folder.images();
    DurableFiles.deleteTree(root);
  }

  /**
   * @param pin keeps the image's files until this returns
   */
  DurableImage open(ManifestIdentity identity, RegionImage image, FilePins.Pin pin)
      throws IOException {
    Path folder;
    synchronized (this) {
      if (open == OPEN_MAX) {
        throw new IOException(OPEN_MAX + " images of region " + identity.regionId() + " are open");
      }
      open++;
      opened++;
      folder = root.resolve(Long.toString(opened));
    }
    boolean done = false;
    try {
      List<DurableImage.Entry> entries = fill(folder, identity, image);
      done = true;
      return new Folder(folder, entries);
    } finally {
      if (!done) {
        close(folder);
      }
    }
  }

  private static List<DurableImage.Entry> fill(
      Path folder, ManifestIdentity identity, RegionImage image) throws IOException {
    Path files = folder.resolve(RegionFolder.FILES);
    Files.createDirectories(files);
    List<DurableImage.Entry> entries = new ArrayList<>();
    for (SealedFile file : image.files()) {
      String name = file.path().getFileName().toString();
      Path link = Files.createLink(files.resolve(name), file.path());
      entries.add(
          new DurableImage.Entry(
              RegionFolder.FILES + "/" + name, link, file.lengthBytes(), file.crc32c()));
    }
    Path manifest = Manifest.writeBase(folder, identity, image);
    entries.add(
        new DurableImage.Entry(
            manifest.getFileName().toString(),
            manifest,
            Files.size(manifest),
            DurableFiles.crc32c(manifest)));
    return List.copyOf(entries);
  }

  private void close(Path folder) {
    synchronized (this) {
      open--;
    }
    try {
      DurableFiles.deleteTree(folder);
    } catch (IOException e) {
      LOG.warn("{} stays until the next start", folder, e);
    }
  }

  private final class Folder implements DurableImage {
    private final Path folder;
    private final List<Entry> entries;
    private boolean closed;

    Folder(Path folder, List<Entry> entries) {
      this.folder = folder;
      this.entries = entries;
    }

    @Override
    public List<Entry> entries() {
      return entries;
    }

    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
      }
      OpenImages.this.close(folder);
    }
  }
}
