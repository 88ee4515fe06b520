package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesSpec;
import java.io.IOException;
import org.apache.tsfile.utils.Binary;
import org.apache.tsfile.write.chunk.ChunkWriterImpl;
import org.apache.tsfile.write.schema.MeasurementSchema;

/** Writes a series of a device that is not aligned, as one or more chunks. */
final class PlainChunks {
  private final SealOptions options;

  PlainChunks(SealOptions options) {
    this.options = options;
  }

  /** Writes all of {@code points}, at least one, into the chunk group that is open. */
  void write(NewTsFile file, SeriesSpec spec, PointBatch points) throws IOException {
    int[] sizes = PageSlices.sizes(points);
    ChunkWriterImpl chunk =
        new ChunkWriterImpl(
            new MeasurementSchema(
                spec.measurement(),
                spec.type(),
                SafeEncoding.of(spec, points),
                spec.compression()));
    int chunkFrom = 0;
    int from = 0;
    while (from < points.count()) {
      int to = PageSlices.end(sizes, from, points.count(), options);
      writePage(
          chunk,
          PageSlices.times(points.times(), from, to),
          PageSlices.values(points, from, to),
          to - from);
      // Ours, whatever the library's own thresholds say.
      chunk.sealCurrentPage();
      from = to;
      if (from - chunkFrom + options.pagePointsMax() > options.chunkPointsMax()
          || chunk.getSerializedChunkSize() > options.chunkBytesMax()) {
        chunk.writeToFileWriter(file.writer());
        chunkFrom = from;
      }
    }
    if (chunkFrom < from) {
      chunk.writeToFileWriter(file.writer());
    }
    file.count(points.times()[0], points.times()[points.count() - 1], points.count());
  }

  private static void writePage(ChunkWriterImpl chunk, long[] times, Object values, int count) {
    if (values instanceof double[] doubles) {
      chunk.write(times, doubles, count);
    } else if (values instanceof float[] floats) {
      chunk.write(times, floats, count);
    } else if (values instanceof int[] ints) {
      chunk.write(times, ints, count);
    } else if (values instanceof long[] longs) {
      chunk.write(times, longs, count);
    } else if (values instanceof boolean[] booleans) {
      chunk.write(times, booleans, count);
    } else {
      // One by one: the library's statistics of blobs take no batches.
      Binary[] binaries = (Binary[]) values;
      for (int i = 0; i < count; i++) {
        chunk.write(times[i], binaries[i]);
      }
    }
  }
}
