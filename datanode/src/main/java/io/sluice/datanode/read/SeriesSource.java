package io.sluice.datanode.read;

import io.sluice.common.status.StatusException;

/**
 * One memtable's or file's points of one series, loaded piece by piece as late as possible. It
 * always knows a key that no point it still holds is below, so a merge asks only for what it needs.
 * Not thread-safe.
 */
abstract class SeriesSource {
  private final int rank;
  private long bound;
  private KeyedPoints loaded;

  /**
   * @param rank of two points at one time, that of the higher rank is valid
   * @param bound a first guess
   */
  SeriesSource(int rank, long bound) {
    this.rank = rank;
    this.bound = bound;
  }

  final int rank() {
    return rank;
  }

  /** No point left is below this key; exactly the next point's key once {@link #ready}. */
  final long bound() {
    return bound;
  }

  /** Whether the next points are in memory. */
  final boolean ready() {
    return loaded != null;
  }

  /** The next points, at least one. Only when {@link #ready}. */
  final KeyedPoints points() {
    return loaded;
  }

  /** Passes over points up to a position of {@link #points}; false when nothing is left. */
  final boolean skipTo(int position) {
    if (position < loaded.to()) {
      loaded = loaded.startingAt(position);
      bound = loaded.firstKey();
      return true;
    }
    loaded = null;
    return hasMore();
  }

  /** Comes one step closer to being ready; false when nothing is left. */
  abstract boolean refine() throws StatusException;

  /** Whether there is anything behind the points just passed over; sets the bound if so. */
  abstract boolean hasMore();

  final void raiseBound(long key) {
    bound = Math.max(bound, key);
  }

  final void provide(KeyedPoints points) {
    loaded = points;
    bound = points.firstKey();
  }
}
