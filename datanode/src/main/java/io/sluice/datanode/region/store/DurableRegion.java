package io.sluice.datanode.region.store;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.manifest.Manifest;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import io.sluice.datanode.region.scrub.RepairWindow;
import io.sluice.datanode.tsfile.SealedFileMerger;
import io.sluice.datanode.tsfile.SealedFileWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What of a region is on disk: its files, and the manifest that lists them. One thread flushes, one
 * merges, any look; the manifest is written by one of them at a time, and by nobody once this is
 * closed.
 */
final class DurableRegion {
  private final RegionFolder folder;
  private final ManifestIdentity identity;
  private final Manifest manifest;
  private final RangeWriter writer;
  private final OpenImages images;
  private final Memory memory;
  private final FileMerges merges;
  private final FileReplacement replacement;
  private final FilePins pins = new FilePins();

  /** Held while files are merged; taken before {@link #writing}. */
  private final Object merging = new Object();

  /** Held while the manifest is written. */
  private final Object writing = new Object();

  /** Guarded by {@link #merging}. */
  private Consumer<Path> fileRemoved;

  /** Guarded by {@link #writing}, as are its changes of {@link #image}. */
  private boolean closed;

  private volatile RegionImage image;

  /** What the region has in memory. Called with no lock of its own held. */
  interface Memory {
    /** The closed range that is to be made durable next, null for none. */
    SealedRange oldestRange();

    /**
     * The range is durable: its file takes its points' place, in one step.
     *
     * @param written null when it had no points
     */
    void flushed(SealedRange range, SealedFile written);

    void merged(Change.FilesMerged change);

    /** The region as of the last applied entry. */
    RegionImage image();

    boolean closing();
  }

  DurableRegion(RegionFolder folder, Manifest.Opened opened, SealedFileWriter writer, Memory memory)
      throws IOException {
    this.folder = folder;
    this.identity = opened.identity();
    this.manifest = opened.manifest();
    this.image = opened.image();
    this.writer = new RangeWriter(folder, writer);
    this.images = new OpenImages(folder);
    this.memory = memory;
    this.merges = new FileMerges(folder, this);
    this.replacement = new FileReplacement(folder, identity);
    replacement.clear();
  }

  /** The region as of its last durable range. */
  RegionImage image() {
    return image;
  }

  ManifestIdentity identity() {
    return identity;
  }

  Memory memory() {
    return memory;
  }

  FileMerges merges() {
    return merges;
  }

  FilePins pins() {
    return pins;
  }

  /** See {@link RegionStore#openImage}. */
  DurableImage openImage() throws IOException {
    // Linked while pinned: files of this image may be merged meanwhile.
    try (FilePins.Pin pin = pins.pin()) {
      return images.open(identity, image, pin);
    }
  }

  /**
   * @return the names of staged files that are needed no more; null when there was no range
   */
  List<String> flushNext() throws IOException {
    synchronized (writing) {
      SealedRange range = closed ? null : memory.oldestRange();
      return range == null ? null : flush(range);
    }
  }

  private List<String> flush(SealedRange range) throws IOException {
    List<Change> all = new ArrayList<>(range.changes());
    List<SealedFile> added = new ArrayList<>();
    SealedFile written = writer.write(range);
    if (written != null) {
      all.add(new Change.FileAdded(written));
    }
    for (Change change : all) {
      if (change instanceof Change.FileAdded file) {
        added.add(file.file());
      }
    }
    RegionImage at = range.image();
    if (added.size() > (written == null ? 0 : 1)) {
      DurableFiles.syncFolder(folder.files());
    }
    all.add(new Change.Advanced(at.term(), at.index(), at.lastDataIndex()));
    // Its own files are those known when it closed: some may have been merged since.
    RegionImage next = at.withFiles(image.files());
    for (SealedFile file : added) {
      next = next.replay(new Change.FileAdded(file));
    }
    manifest.append(all, next);
    image = next;
    memory.flushed(range, written);
    return range.stagedNames();
  }

  /** See {@link RegionStore#mergeNext}. */
  boolean mergeNext(SealedFileMerger merger, Consumer<Path> removed, Runnable step)
      throws IOException {
    synchronized (merging) {
      fileRemoved = removed;
      return merges.next(merger, step);
    }
  }

  /**
   * A peer's files take the place of damaged ones.
   *
   * @return false when the damaged files are no more what they were; nothing has changed
   */
  boolean replace(RepairWindow window, Consumer<Path> removed, Runnable step) throws IOException {
    synchronized (merging) {
      if (!image.files().containsAll(window.ours())) {
        return false;
      }
      fileRemoved = removed;
      List<SealedFile> placed = replacement.place(window);
      step.run();
      List<Long> ends = window.ours().stream().map(SealedFile::end).toList();
      swap(new Change.FilesMerged(ends, placed), step);
      return true;
    }
  }

  FileReplacement replacement() {
    return replacement;
  }

  /**
   * Lists the merged files in the others' place, durable, then visible, then releases the others.
   */
  void swap(Change.FilesMerged change, Runnable step) throws IOException {
    List<SealedFile> before;
    synchronized (writing) {
      if (closed) {
        throw new SealedFileMerger.CalledOffException();
      }
      RegionImage at = image;
      before = at.files();
      RegionImage next = at.replay(change);
      manifest.append(
          List.of(change, new Change.Advanced(at.term(), at.index(), at.lastDataIndex())), next);
      step.run();
      image = next;
      memory.merged(change);
    }
    Consumer<Path> removed = fileRemoved;
    for (SealedFile file : before) {
      if (change.ends().contains(file.end())) {
        step.run();
        pins.retire(() -> folder.remove(file.path(), removed));
      }
    }
  }

  /**
   * Returns when nothing is written any more.
   *
   * @param last run once, when nobody can write
   */
  void close(Runnable last) throws IOException {
    synchronized (merging) {
      synchronized (writing) {
        if (!closed) {
          closed = true;
          pins.close();
          last.run();
          manifest.close();
        }
      }
    }
  }
}
