package io.sluice.datanode.statement;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The types of existing series, for values that come without one. A copy is used for a short time
 * only, and thrown away when a write that used it is refused: a series changed on another node
 * costs one more look, never a wrong value, since the region checks types itself. Thread-safe.
 */
final class SeriesTypes {
  private static final int DEVICES_MAX = 10_000;
  private static final Duration USED_FOR = Duration.ofSeconds(2);

  private final ClusterRegions regions;
  private final Cache<String, Map<String, SeriesSpec>> devices =
      Caffeine.newBuilder().maximumSize(DEVICES_MAX).expireAfterWrite(USED_FOR).build();

  SeriesTypes(ClusterRegions regions) {
    this.regions = regions;
  }

  /** Specs of those of the device's measurements that exist. */
  Map<String, SeriesSpec> of(String device, Collection<String> measurements)
      throws StatusException {
    Map<String, SeriesSpec> known = devices.getIfPresent(device);
    List<PathPattern> missing = new ArrayList<>();
    for (String measurement : measurements) {
      if (known == null || !known.containsKey(measurement)) {
        missing.add(PathPattern.parse(device + "." + measurement));
      }
    }
    if (missing.isEmpty()) {
      return known == null ? Map.of() : known;
    }
    Map<String, SeriesSpec> all = known == null ? new HashMap<>() : new HashMap<>(known);
    for (SeriesInfo series : read(device, missing)) {
      all.put(series.spec().measurement(), series.spec());
    }
    devices.put(device, all);
    return all;
  }

  void forget(String device) {
    devices.invalidate(device);
  }

  /** After a statement of this node that removed series. */
  void forgetAll() {
    devices.invalidateAll();
  }

  private List<SeriesInfo> read(String device, List<PathPattern> paths) throws StatusException {
    if (regions.databasesOf(paths).isEmpty()) {
      return List.of();
    }
    try {
      return regions.regionOf(device).series(paths);
    } catch (StatusException e) {
      if (e.code() == StatusCode.DATABASE_NOT_EXIST || e.code() == StatusCode.PATH_NOT_EXIST) {
        return List.of();
      }
      throw e;
    }
  }
}
