package io.sluice.datanode.cluster;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.RegionScrub;
import io.sluice.datanode.region.scrub.ScrubReport;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Takes two questions to look at three files of each region, of which one is damaged. */
final class FakeScrub implements RegionScrub {
  private final Map<Long, Collection<UUID>> begun = new ConcurrentHashMap<>();
  private final Map<Long, Boolean> asked = new ConcurrentHashMap<>();

  @Override
  public synchronized long begin(Collection<UUID> regions) {
    long id = begun.size() + 1;
    begun.put(id, List.copyOf(regions));
    return id;
  }

  @Override
  public Progress await(long scrub, long waitMs) throws StatusException {
    if (!begun.containsKey(scrub)) {
      throw new StatusException(StatusCode.NO_SUCH_QUERY, "no scrub " + scrub);
    }
    if (asked.putIfAbsent(scrub, true) == null) {
      return new Progress(false, List.of());
    }
    return new Progress(
        true,
        begun.get(scrub).stream()
            .map(
                region ->
                    new ScrubReport(
                        region,
                        3,
                        300,
                        List.of(new ScrubReport.Found("files/1", 100, true, "rotten")),
                        1))
            .toList());
  }
}
