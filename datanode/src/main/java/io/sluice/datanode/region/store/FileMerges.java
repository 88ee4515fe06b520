package io.sluice.datanode.region.store;

import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.compact.ExpiryPlan;
import io.sluice.datanode.region.compact.FileMerge;
import io.sluice.datanode.region.compact.MergeOrders;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.tsfile.FileKey;
import io.sluice.datanode.tsfile.SealedFileMerger;
import io.sluice.datanode.tsfile.SealedFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Carries out what a region has been told to do with its files: new files are made durable beside
 * the old ones, take their place in the manifest by one group of records, then in memory; only then
 * the old ones go, once nobody reads them. A crash before the manifest leaves files that no
 * manifest lists, one after it leaves the old ones so: both are removed at the next opening. One
 * thread at a time.
 */
final class FileMerges {
  private final RegionFolder folder;
  private final DurableRegion disk;
  private final MergeOrders orders = new MergeOrders();

  FileMerges(RegionFolder folder, DurableRegion disk) {
    this.folder = folder;
    this.disk = disk;
  }

  MergeOrders orders() {
    return orders;
  }

  /** Whether the ranges of the next order are all there. */
  boolean due(RegionImage durable) {
    MergeOrders.Order order = orders.first();
    return order != null && order.what().last() <= durable.index();
  }

  /**
   * Does the next thing there is to do.
   *
   * @param step runs between any two changes on disk, for tests to stop at
   * @return false when there was nothing
   */
  boolean next(SealedFileMerger merger, Runnable step) throws IOException {
    RegionImage durable = disk.image();
    if (disk.memory().closing() || !due(durable)) {
      return false;
    }
    MergeOrders.Order order = orders.first();
    if (order.what() instanceof LogEntry.Expire expire) {
      expire(ExpiryPlan.expired(durable, expire), step);
      orders.done(order);
      return true;
    }
    FileMerge merge = FileMerge.of(order.index(), (LogEntry.Compact) order.what(), durable);
    if (merge == null) {
      orders.done(order);
      return true;
    }
    step.run();
    List<SealedFile> made = make(merge, merger);
    step.run();
    List<Long> ends = merge.inputs().stream().map(SealedFile::end).toList();
    disk.swap(new Change.FilesMerged(ends, made), step);
    return true;
  }

  /** Files go by the same steps as if they had been merged into none. */
  private void expire(List<SealedFile> files, Runnable step) throws IOException {
    if (!files.isEmpty()) {
      step.run();
      List<Long> ends = files.stream().map(SealedFile::end).toList();
      disk.swap(new Change.FilesMerged(ends, List.of()), step);
    }
  }

  private List<SealedFile> make(FileMerge merge, SealedFileMerger merger) throws IOException {
    RegionImage image = disk.memory().image();
    List<SealedFileMerger.Input> inputs = new ArrayList<>();
    for (SealedFile input : merge.inputs()) {
      inputs.add(
          new SealedFileMerger.Input(
              new FileKey(input.path(), input.lengthBytes(), input.crc32c()),
              series -> merge.hidden(image, input, series),
              merge.outputOf(input)));
    }
    List<Path> targets = new ArrayList<>();
    for (FileMerge.Output output : merge.outputs()) {
      targets.add(folder.merged(output.end(), merge.index()));
    }
    List<Optional<SealedFileWriter.Facts>> facts =
        merger.merge(inputs, targets, image::series, () -> !disk.memory().closing());
    List<SealedFile> made = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      if (facts.get(i).isPresent()) {
        SealedFile file = listed(merge.outputs().get(i), targets.get(i), facts.get(i).get());
        Files.setLastModifiedTime(file.path(), oldest(merge, i));
        made.add(file);
      }
    }
    return made;
  }

  private static SealedFile listed(
      FileMerge.Output output, Path path, SealedFileWriter.Facts facts) {
    return new SealedFile(
        output.start(),
        output.end(),
        path,
        facts.lengthBytes(),
        facts.crc32c(),
        facts.times(),
        output.route());
  }

  /** A pipe says how far behind it is by when the oldest of its files was written. */
  private static FileTime oldest(FileMerge merge, int output) throws IOException {
    FileTime oldest = null;
    for (SealedFile input : merge.inputs()) {
      if (merge.outputOf(input) == output) {
        FileTime written = Files.getLastModifiedTime(input.path());
        oldest = oldest == null || written.compareTo(oldest) < 0 ? written : oldest;
      }
    }
    return oldest;
  }
}
