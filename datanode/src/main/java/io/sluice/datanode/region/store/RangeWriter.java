package io.sluice.datanode.region.store;

import io.sluice.common.sync.Route;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.tsfile.SealedFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes the points of closed ranges as files. Only the flusher uses it.
 *
 * @param writer makes a file of sorted points
 */
record RangeWriter(RegionFolder folder, SealedFileWriter writer) {
  /** The range's file, durable; null when the range wrote no points. */
  SealedFile write(SealedRange range) throws IOException {
    if (range.points().empty()) {
      return null;
    }
    Path target = folder.sealed(range.pointsEnd());
    Files.deleteIfExists(target);
    SealedFileWriter.Facts facts = writer.write(target, range.points().inOrder());
    return new SealedFile(
        Math.max(0, range.start()),
        range.pointsEnd(),
        target,
        facts.lengthBytes(),
        facts.crc32c(),
        facts.times(),
        Route.HERE);
  }
}
