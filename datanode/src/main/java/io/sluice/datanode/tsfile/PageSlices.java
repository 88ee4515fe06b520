package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.PointBatch;
import org.apache.tsfile.utils.Binary;

/** Where pages end, and the values of one page as arrays that start at 0. */
final class PageSlices {
  private PageSlices() {}

  /**
   * The end (exclusive) of the page that starts at {@code from}: at least one point, at most what
   * the options allow, and not beyond {@code end}.
   *
   * @param sizes bytes of each point's text or blob, null for columns of fixed width
   */
  static int end(int[] sizes, int from, int end, SealOptions options) {
    int to = Math.min(end, from + options.pagePointsMax());
    if (sizes == null) {
      return to;
    }
    long bytes = 0;
    for (int i = from; i < to; i++) {
      bytes += sizes[i];
      if (bytes > options.pageBytesMax() && i > from) {
        return i;
      }
    }
    return to;
  }

  /** Bytes of each text or blob, null for other types. */
  static int[] sizes(PointBatch points) {
    if (!(points.values() instanceof Binary[] binaries)) {
      return null;
    }
    int[] sizes = new int[points.count()];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = binaries[i].getLength();
    }
    return sizes;
  }

  /** Values {@code [from, to)} in an array that starts with them. */
  static Object values(PointBatch points, int from, int to) {
    if (from == 0) {
      return points.values();
    }
    Object slice = PointBatch.newValues(points.type(), to - from);
    System.arraycopy(points.values(), from, slice, 0, to - from);
    return slice;
  }

  /** Times {@code [from, to)} in an array that starts with them. */
  static long[] times(long[] times, int from, int to) {
    return from == 0 ? times : java.util.Arrays.copyOfRange(times, from, to);
  }
}
