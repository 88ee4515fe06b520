package io.sluice.datanode.region.image;

import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.Region.DeletionAt;
import io.sluice.datanode.region.RegionView.Hidden;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Deletions as pipes ship them: one by one, in the order of the log. Stateless. */
public final class ClientDeletions {
  private ClientDeletions() {}

  /**
   * The first above {@code index} that {@code receiver} is to hear of: one that a client made here,
   * or one that came through a pipe and has not passed it. What a later deletion covers whole is
   * not among its series any more.
   */
  public static Optional<DeletionAt> firstAfter(RegionImage image, long index, UUID receiver) {
    First first = new First(index);
    image
        .hidden()
        .forEach(
            (key, all) ->
                all.stream()
                    .filter(hidden -> receiver == null || !hidden.route().passes(receiver))
                    .forEach(hidden -> first.see(key, hidden)));
    return first.found();
  }

  private static final class First {
    private final long after;
    private long at = Long.MAX_VALUE;
    private Hidden hidden;
    private boolean series;
    private Map<String, List<String>> devices = Map.of();

    First(long after) {
      this.after = after;
    }

    void see(SeriesKey key, Hidden candidate) {
      if (candidate.atIndex() <= after || candidate.atIndex() > at) {
        return;
      }
      if (candidate.atIndex() < at) {
        at = candidate.atIndex();
        hidden = candidate;
        series = true;
        devices = new LinkedHashMap<>();
      }
      series &= candidate.series();
      devices.computeIfAbsent(key.device(), device -> new ArrayList<>()).add(key.measurement());
    }

    Optional<DeletionAt> found() {
      if (hidden == null) {
        return Optional.empty();
      }
      List<Deletion.Device> all = new ArrayList<>();
      devices.forEach((device, series) -> all.add(new Deletion.Device(device, series)));
      return Optional.of(
          new DeletionAt(at, hidden.route(), new Deletion(hidden.range(), series, all)));
    }
  }
}
