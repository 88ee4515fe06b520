package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.tsfile.encoding.encoder.TSEncodingBuilder;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.utils.Binary;
import org.apache.tsfile.write.chunk.TimeChunkWriter;
import org.apache.tsfile.write.chunk.ValueChunkWriter;
import org.apache.tsfile.write.schema.MeasurementSchema;

/**
 * Writes the columns of an aligned device as rounds: a time chunk, then a value chunk per column
 * whose pages hold the same rows. Every round has every column, an empty chunk where a column has
 * no point: readers pair the chunks by their number.
 */
final class AlignedChunks {
  private static final TSEncoding TIME_ENCODING = TSEncoding.TS_2DIFF;
  private static final CompressionType TIME_COMPRESSION = CompressionType.LZ4;
  private static final String TIME_COLUMN = "";

  /** A round is decoded as a whole when it must be cut: the wider the device, the fewer rows. */
  private static final int ROUND_POINTS_MAX = 1 << 20;

  private final SealOptions options;

  AlignedChunks(SealOptions options) {
    this.options = options;
  }

  /** Writes all points into the chunk group that is open; some columns may have none. */
  void write(NewTsFile file, List<SealedFileWriter.Column> columns) throws IOException {
    AlignedRows rows = AlignedRows.of(columns);
    int[] sizes = widest(rows, columns);
    int from = 0;
    while (from < rows.count()) {
      List<Integer> pageEnds = pagesOfRound(sizes, from, rows.count(), columns.size());
      writeTimes(file, rows, from, pageEnds);
      for (SealedFileWriter.Column column : columns) {
        writeColumn(file, rows, column, from, pageEnds);
      }
      from = pageEnds.get(pageEnds.size() - 1);
    }
    for (SealedFileWriter.Column column : columns) {
      PointBatch points = column.points();
      if (points.count() > 0) {
        file.count(points.times()[0], points.times()[points.count() - 1], points.count());
      }
    }
  }

  private List<Integer> pagesOfRound(int[] sizes, int from, int end, int columns) {
    List<Integer> pageEnds = new ArrayList<>();
    int rowsMax =
        Math.max(
            options.pagePointsMax(),
            Math.min(options.chunkPointsMax(), ROUND_POINTS_MAX / columns));
    int at = from;
    long bytes = 0;
    while (at < end
        && at - from + options.pagePointsMax() <= rowsMax
        && bytes <= options.chunkBytesMax()) {
      int pageEnd = PageSlices.end(sizes, at, end, options);
      for (int i = at; sizes != null && i < pageEnd; i++) {
        bytes += sizes[i];
      }
      at = pageEnd;
      pageEnds.add(at);
    }
    return pageEnds;
  }

  /** Per row the bytes of the largest text or blob, null when no column has any. */
  private static int[] widest(AlignedRows rows, List<SealedFileWriter.Column> columns) {
    int[] widest = null;
    for (SealedFileWriter.Column column : columns) {
      int[] sizes = PageSlices.sizes(column.points());
      if (sizes == null) {
        continue;
      }
      widest = widest == null ? new int[rows.count()] : widest;
      for (int i = 0, row = 0; i < sizes.length; i++) {
        row = rowOf(rows, column.points().times()[i], row);
        widest[row] = Math.max(widest[row], sizes[i]);
      }
    }
    return widest;
  }

  private static int rowOf(AlignedRows rows, long time, int from) {
    int row = from;
    while (rows.times()[row] != time) {
      row++;
    }
    return row;
  }

  private static void writeTimes(NewTsFile file, AlignedRows rows, int from, List<Integer> pageEnds)
      throws IOException {
    TimeChunkWriter chunk =
        new TimeChunkWriter(
            TIME_COLUMN,
            TIME_COMPRESSION,
            TIME_ENCODING,
            TSEncodingBuilder.getEncodingBuilder(TIME_ENCODING).getEncoder(TSDataType.INT64));
    int at = from;
    for (int pageEnd : pageEnds) {
      chunk.write(rows.times(), pageEnd - at, at);
      chunk.writePageToPageBuffer();
      at = pageEnd;
    }
    chunk.writeToFileWriter(file.writer());
  }

  private static void writeColumn(
      NewTsFile file,
      AlignedRows rows,
      SealedFileWriter.Column column,
      int from,
      List<Integer> pageEnds)
      throws IOException {
    SeriesSpec spec = column.spec();
    PointBatch points = column.points();
    TSEncoding encoding = SafeEncoding.of(spec, points);
    ValueChunkWriter chunk =
        new ValueChunkWriter(
            spec.measurement(),
            spec.compression(),
            spec.type(),
            encoding,
            new MeasurementSchema(spec.measurement(), spec.type(), encoding, spec.compression())
                .getValueEncoder());
    boolean same = rows.same(points);
    int at = from;
    int point = same ? from : firstAtOrAfter(points, rows.times()[from]);
    for (int pageEnd : pageEnds) {
      int length = pageEnd - at;
      long[] times = Arrays.copyOfRange(rows.times(), at, pageEnd);
      Object values = PointBatch.newValues(spec.type(), length);
      boolean[] missing = new boolean[length];
      if (same) {
        System.arraycopy(points.values(), at, values, 0, length);
      } else {
        point = spread(points, point, times, values, missing);
      }
      writePage(chunk, times, values, missing);
      chunk.writePageToPageBuffer();
      at = pageEnd;
    }
    chunk.writeToFileWriter(file.writer());
  }

  private static int firstAtOrAfter(PointBatch points, long time) {
    int found = Arrays.binarySearch(points.times(), 0, points.count(), time);
    return found >= 0 ? found : -found - 1;
  }

  /** Puts the points from {@code point} on at their rows; returns the first that is not in them. */
  private static int spread(
      PointBatch points, int point, long[] times, Object values, boolean[] missing) {
    int next = point;
    for (int row = 0; row < times.length; row++) {
      if (next < points.count() && points.times()[next] == times[row]) {
        System.arraycopy(points.values(), next, values, row, 1);
        next++;
      } else {
        missing[row] = true;
      }
    }
    return next;
  }

  private static void writePage(
      ValueChunkWriter chunk, long[] times, Object values, boolean[] missing) {
    int count = times.length;
    if (values instanceof double[] doubles) {
      chunk.write(times, doubles, missing, count, 0);
    } else if (values instanceof float[] floats) {
      chunk.write(times, floats, missing, count, 0);
    } else if (values instanceof int[] ints) {
      chunk.write(times, ints, missing, count, 0);
    } else if (values instanceof long[] longs) {
      chunk.write(times, longs, missing, count, 0);
    } else if (values instanceof boolean[] booleans) {
      chunk.write(times, booleans, missing, count, 0);
    } else {
      chunk.write(times, (Binary[]) values, missing, count, 0);
    }
  }
}
