package io.sluice.datanode.region.manifest;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A region's durable image: a base and the changes appended since, see {@code
 * docs/formats/manifest.md}. Each advance is appended and fsynced; when the appended part has grown
 * past the base, a new file with a new base takes its place. Not thread-safe: one flusher owns it.
 */
public final class Manifest implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Manifest.class);

  /** A new base is not worth it before the appended records have this size. */
  static final long ROLL_FROM_BYTES = 4 << 20;

  private static final String PREFIX = "manifest-";

  private final Path folder;
  private final ManifestIdentity identity;
  private long generation;
  private FileChannel channel;
  private long baseBytes;
  private long goodBytes;

  /** Set when a write failed: what the file holds behind the last good record is unknown. */
  private boolean suspect;

  private Manifest(Path folder, ManifestIdentity identity, long generation) {
    this.folder = folder;
    this.identity = identity;
    this.generation = generation;
  }

  /** A manifest and what it said when it was opened. */
  public record Opened(Manifest manifest, ManifestIdentity identity, RegionImage image) {}

  /** Whether {@code folder} has a manifest. */
  public static boolean existsIn(Path folder) throws IOException {
    return !generations(folder).isEmpty();
  }

  /** Writes a new region's manifest, durable on return. The folder must exist. */
  public static Opened create(Path folder, ManifestIdentity identity) throws IOException {
    Manifest manifest = new Manifest(folder, identity, 0);
    manifest.roll(RegionImage.EMPTY);
    return new Opened(manifest, identity, RegionImage.EMPTY);
  }

  /**
   * Reads the manifest in {@code folder}.
   *
   * @param files where its sealed files are
   * @throws ManifestDamagedException naming file and offset; nothing was changed
   * @throws RegionRefusedException when it is another cluster's or region's
   */
  public static Opened open(Path folder, Path files, UUID clusterId, UUID regionId)
      throws IOException {
    List<Long> generations = generations(folder);
    if (generations.isEmpty()) {
      throw new RegionRefusedException("no manifest in " + folder);
    }
    long newest = generations.get(generations.size() - 1);
    Path file = file(folder, newest);
    ManifestReader.Contents contents = ManifestReader.read(file, files);
    ManifestIdentity found = contents.identity();
    if (!found.clusterId().equals(clusterId) || !found.regionId().equals(regionId)) {
      throw new RegionRefusedException(
          String.format(
              "%s belongs to region %s of cluster %s, not to region %s of cluster %s;"
                  + " use another data folder or bring back the right one",
              file, found.regionId(), found.clusterId(), regionId, clusterId));
    }
    Manifest manifest = new Manifest(folder, found, newest);
    manifest.reopen(file, contents);
    manifest.removeOthers();
    return new Opened(manifest, found, contents.image());
  }

  private void reopen(Path file, ManifestReader.Contents contents) throws IOException {
    channel = FileChannel.open(file, StandardOpenOption.WRITE);
    baseBytes = contents.baseBytes();
    goodBytes = contents.goodBytes();
    long torn = channel.size() - goodBytes;
    if (torn > 0) {
      LOG.warn("{}: cut off {} bytes of a record that was never finished", file, torn);
      channel.truncate(goodBytes);
      channel.force(true);
    }
    channel.position(goodBytes);
  }

  /**
   * Makes the changes durable.
   *
   * @param changes of one range, an {@code Advanced} last
   * @param image what they make of the manifest's image, for a new base
   * @throws IOException when it is not known to be durable; may be tried again with the same
   */
  public void append(List<Change> changes, RegionImage image) throws IOException {
    if (suspect || goodBytes - baseBytes > Math.max(baseBytes, ROLL_FROM_BYTES)) {
      roll(image);
      return;
    }
    suspect = true;
    ManifestFrames frames = new ManifestFrames(channel);
    frames.write(changes);
    frames.sync();
    goodBytes = channel.position();
    suspect = false;
  }

  /** Writes {@code image} as the base of a new file, which then takes the old one's place. */
  private void roll(RegionImage image) throws IOException {
    Path fresh = folder.resolve(PREFIX + (generation + 1) + ".new");
    FileChannel next =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      ManifestFrames frames = new ManifestFrames(next);
      frames.writeFileHeader(identity);
      frames.write(ManifestRecords.of(image));
      frames.sync();
      Files.move(fresh, file(folder, generation + 1), StandardCopyOption.ATOMIC_MOVE);
      DurableFiles.syncFolder(folder);
    } catch (IOException | RuntimeException e) {
      next.close();
      throw e;
    }
    FileChannel old = channel;
    channel = next;
    generation++;
    baseBytes = next.position();
    goodBytes = baseBytes;
    suspect = false;
    if (old != null) {
      old.close();
    }
    removeOthers();
  }

  /**
   * Writes a manifest that says what {@code image} is, as the only one of {@code folder}; durable
   * on return.
   *
   * @return the file
   */
  public static Path writeBase(Path folder, ManifestIdentity identity, RegionImage image)
      throws IOException {
    Manifest manifest = new Manifest(folder, identity, -1);
    manifest.roll(image);
    manifest.close();
    return file(folder, manifest.generation);
  }

  /**
   * Makes the manifest in {@code from} the one of {@code folder}: by one rename, durable on return.
   */
  public static void adopt(Path folder, Path from) throws IOException {
    List<Long> arrived = generations(from);
    List<Long> present = generations(folder);
    long next = present.isEmpty() ? 0 : present.get(present.size() - 1) + 1;
    Path file = file(from, arrived.get(arrived.size() - 1));
    Files.move(file, file(folder, next), StandardCopyOption.ATOMIC_MOVE);
    DurableFiles.syncFolder(folder);
  }

  private void removeOthers() throws IOException {
    for (long other : generations(folder)) {
      if (other < generation) {
        Files.deleteIfExists(file(folder, other));
      }
    }
  }

  private static Path file(Path folder, long generation) {
    return folder.resolve(PREFIX + generation);
  }

  /** Generations in {@code folder}, ascending; unfinished ones left out. */
  private static List<Long> generations(Path folder) throws IOException {
    List<Long> found = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return found;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path entry : entries) {
        String number = entry.getFileName().toString().substring(PREFIX.length());
        if (!number.isEmpty() && number.chars().allMatch(Character::isDigit)) {
          found.add(Long.parseLong(number));
        }
      }
    }
    found.sort(Comparator.naturalOrder());
    return found;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
