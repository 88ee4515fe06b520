package io.sluice.datanode.region.image;

import io.sluice.common.sync.SeriesConflict;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.HeldSeries;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What pipes hold back of one region's series, by pipe number. Immutable. It is the sender's
 * memory: were it lost while a receiver had already gone on without a series, nobody would know
 * that there is something to send.
 */
public final class Quarantine {
  /** Of one pipe; more is a receiver to be mended, not a list to be kept. */
  public static final int SERIES_MAX = 10_000;

  public static final Quarantine EMPTY = new Quarantine(Map.of());

  private final Map<Long, SortedMap<SeriesKey, HeldSeries>> byPipe;

  private Quarantine(Map<Long, SortedMap<SeriesKey, HeldSeries>> byPipe) {
    this.byPipe = byPipe;
  }

  /** What a pipe holds back, ordered by series; also what is about to rejoin, or has. */
  public Collection<HeldSeries> of(long pipeNumber) {
    SortedMap<SeriesKey, HeldSeries> held = byPipe.get(pipeNumber);
    return held == null ? List.of() : held.values();
  }

  /** Pipes that hold anything back. */
  public Collection<Long> pipes() {
    return byPipe.keySet();
  }

  /** With these series as they are given here. */
  Quarantine with(long pipeNumber, List<HeldSeries> series) {
    Map<Long, SortedMap<SeriesKey, HeldSeries>> all = new HashMap<>(byPipe);
    SortedMap<SeriesKey, HeldSeries> held = new TreeMap<>();
    of(pipeNumber).forEach(one -> held.put(one.key(), one));
    series.forEach(one -> held.put(one.key(), one));
    all.put(pipeNumber, held);
    return new Quarantine(all);
  }

  /** Without anything of this pipe. */
  Quarantine without(long pipeNumber) {
    Map<Long, SortedMap<SeriesKey, HeldSeries>> rest = new HashMap<>(byPipe);
    rest.remove(pipeNumber);
    return new Quarantine(rest);
  }

  /**
   * The refused series as they are to be held: what was held before keeps its beginning.
   *
   * @param sinceIndex end of the range that was refused
   */
  List<HeldSeries> refused(
      long pipeNumber, long sinceIndex, long atMs, List<SeriesConflict> conflicts) {
    SortedMap<SeriesKey, HeldSeries> before = byPipe.getOrDefault(pipeNumber, new TreeMap<>());
    List<HeldSeries> refused = new ArrayList<>();
    for (SeriesConflict conflict : conflicts) {
      SeriesKey key = new SeriesKey(conflict.device(), conflict.measurement());
      HeldSeries known = before.get(key);
      long since = known == null ? sinceIndex : Math.min(known.sinceIndex(), sinceIndex);
      long sinceMs = known == null || !known.held() ? atMs : known.sinceMs();
      refused.add(new HeldSeries(key, since, 0, sinceMs, conflict.reason()));
    }
    return refused;
  }

  /** How many series a pipe would have here with these. */
  int sizeWith(long pipeNumber, List<HeldSeries> series) {
    SortedMap<SeriesKey, HeldSeries> before = byPipe.getOrDefault(pipeNumber, new TreeMap<>());
    long added = series.stream().filter(one -> !before.containsKey(one.key())).count();
    return Math.addExact(before.size(), Math.toIntExact(added));
  }

  /** What a pipe holds, as it is to rejoin at {@code index}. */
  List<HeldSeries> rejoining(long pipeNumber, long index) {
    return of(pipeNumber).stream()
        .filter(HeldSeries::held)
        .map(one -> new HeldSeries(one.key(), one.sinceIndex(), index, one.sinceMs(), one.reason()))
        .toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Quarantine quarantine && quarantine.byPipe.equals(byPipe);
  }

  @Override
  public int hashCode() {
    return byPipe.hashCode();
  }

  @Override
  public String toString() {
    return byPipe.toString();
  }
}
