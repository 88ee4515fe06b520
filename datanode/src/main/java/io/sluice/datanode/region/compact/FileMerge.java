package io.sluice.datanode.region.compact;

import io.sluice.common.sync.Route;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.RegionImage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An order as one replica carries it out: the files it has in those ranges become one of each
 * route. Each merged file takes the end of the newest of its route, so that every file keeps an end
 * of its own; of two points at one time only the newer one is in either of them, and their order
 * does not matter.
 *
 * @param index log index of the order
 * @param inputs by ascending end
 * @param outputs what there is afterwards, one per route; points may be left for fewer
 */
public record FileMerge(
    long index, LogEntry.Compact order, List<SealedFile> inputs, List<Output> outputs) {
  /** Files open at a time. */
  private static final int INPUTS_MAX = 64;

  /**
   * One file to be made.
   *
   * @param start below every input of this route's range
   * @param end of its range
   * @param route as {@link SealedFile#route}
   */
  public record Output(long start, long end, Route route) {}

  /**
   * What to do next for an order. A replica that missed earlier ones may have many files in its
   * ranges, and comes there in several steps.
   *
   * @param durable reaches the order's last range, so that no file of it is still to come
   * @return null when there is nothing left to do
   */
  public static FileMerge of(long index, LogEntry.Compact order, RegionImage durable) {
    List<SealedFile> inputs = new ArrayList<>();
    for (SealedFile file : durable.files()) {
      if (file.end() > order.after() && file.end() <= order.last() && inputs.size() < INPUTS_MAX) {
        inputs.add(file);
      }
    }
    Map<Route, Output> byRoute = new LinkedHashMap<>();
    for (SealedFile input : inputs) {
      Route route = input.route();
      Output before = byRoute.get(route);
      long start = before == null ? input.start() : Math.min(before.start(), input.start());
      byRoute.put(route, new Output(start, input.end(), route));
    }
    List<Output> outputs = List.copyOf(byRoute.values());
    return inputs.size() == outputs.size() ? null : new FileMerge(index, order, inputs, outputs);
  }

  /** Number of the output that gets an input's points. */
  public int outputOf(SealedFile input) {
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.get(i).route().equals(input.route())) {
        return i;
      }
    }
    throw new IllegalArgumentException(input + " is not merged here");
  }

  /**
   * What is to be left out of a series in one of the inputs. A deletion among the ranges counts in
   * any case: it would not hide anything in the merged file. The leader had none there, but may
   * have applied it by an earlier order that this replica has missed.
   */
  public List<TimeRange> hidden(RegionImage image, SealedFile input, SeriesKey series) {
    List<Hidden> deletions = image.hidden().get(series);
    if (deletions == null) {
      return List.of();
    }
    long upTo = order.applyDeletions() ? index : order.last();
    return deletions.stream()
        .filter(one -> one.hides(input.end(), input.route()) && one.atIndex() <= upTo)
        .map(Hidden::range)
        .toList();
  }
}
