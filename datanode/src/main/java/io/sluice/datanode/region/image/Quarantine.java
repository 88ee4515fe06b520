package io.sluice.datanode.region.image;

import io.sluice.common.sync.SeriesConflict;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.Resend;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What pipes hold back of one region's series, and what they send once more, by pipe number.
 * Immutable. It is the sender's memory: were it lost while a receiver had already gone on without a
 * series, nobody would know that there is something to send.
 */
public final class Quarantine {
  /** Of one pipe; more is a receiver to be mended, not a list to be kept. */
  public static final int SERIES_MAX = 10_000;

  /** Of one pipe, the latest: older ones have been sent long since. */
  static final int RESENDS_MAX = 8;

  /** Of one resend. */
  public static final int RESEND_PARTS_MAX = 10_000;

  public static final Quarantine EMPTY = new Quarantine(Map.of(), Map.of());

  private final Map<Long, SortedMap<SeriesKey, HeldSeries>> byPipe;

  /** By ascending index. */
  private final Map<Long, List<Resend>> resends;

  private Quarantine(
      Map<Long, SortedMap<SeriesKey, HeldSeries>> byPipe, Map<Long, List<Resend>> resends) {
    this.byPipe = byPipe;
    this.resends = resends;
  }

  /** What a pipe holds back, ordered by series; also what is about to rejoin, or has. */
  public Collection<HeldSeries> of(long pipeNumber) {
    SortedMap<SeriesKey, HeldSeries> held = byPipe.get(pipeNumber);
    return held == null ? List.of() : held.values();
  }

  /** What a pipe sends once more, or has, by ascending index. */
  public List<Resend> resends(long pipeNumber) {
    return resends.getOrDefault(pipeNumber, List.of());
  }

  /** Pipes that hold anything back, or send anything once more. */
  public Collection<Long> pipes() {
    Set<Long> pipes = new HashSet<>(byPipe.keySet());
    pipes.addAll(resends.keySet());
    return pipes;
  }

  Quarantine with(long pipeNumber, Resend resend) {
    List<Resend> latest = new ArrayList<>(resends(pipeNumber));
    latest.add(resend);
    int from = Math.max(0, latest.size() - RESENDS_MAX);
    Map<Long, List<Resend>> all = new HashMap<>(resends);
    all.put(pipeNumber, List.copyOf(latest.subList(from, latest.size())));
    return new Quarantine(byPipe, all);
  }

  /** With these series as they are given here. */
  Quarantine with(long pipeNumber, List<HeldSeries> series) {
    Map<Long, SortedMap<SeriesKey, HeldSeries>> all = new HashMap<>(byPipe);
    SortedMap<SeriesKey, HeldSeries> held = new TreeMap<>();
    of(pipeNumber).forEach(one -> held.put(one.key(), one));
    series.forEach(one -> held.put(one.key(), one));
    all.put(pipeNumber, held);
    return new Quarantine(all, resends);
  }

  /** Without anything of this pipe. */
  Quarantine without(long pipeNumber) {
    Map<Long, SortedMap<SeriesKey, HeldSeries>> rest = new HashMap<>(byPipe);
    rest.remove(pipeNumber);
    Map<Long, List<Resend>> sent = new HashMap<>(resends);
    sent.remove(pipeNumber);
    return new Quarantine(rest, sent);
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
    return other instanceof Quarantine quarantine
        && quarantine.byPipe.equals(byPipe)
        && quarantine.resends.equals(resends);
  }

  @Override
  public int hashCode() {
    return Objects.hash(byPipe, resends);
  }

  @Override
  public String toString() {
    return byPipe + " " + resends;
  }
}
