package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;

/** Finds existing series over all regions. */
final class SelectedSeries {
  /** Columns a query may have; each costs memory in every block. */
  static final int COLUMNS_MAX = 200_000;

  private SelectedSeries() {}

  /** A series and the region that holds it. */
  record Found(SeriesInfo series, String database, RegionAccess region) {}

  /**
   * Every series that matches any of the patterns, once, ordered by key. When there is none, the
   * catalog is fetched again: another node may just have created the database.
   */
  static List<Found> matching(ClusterRegions regions, List<PathPattern> patterns)
      throws StatusException {
    List<Found> found = known(regions, patterns);
    if (found.isEmpty()) {
      regions.refresh();
      return known(regions, patterns);
    }
    return found;
  }

  private static List<Found> known(ClusterRegions regions, List<PathPattern> patterns)
      throws StatusException {
    List<Found> found = new ArrayList<>();
    for (String database : regions.databasesOf(patterns)) {
      for (RegionAccess region : regions.regions(database)) {
        for (SeriesInfo series : region.series(patterns)) {
          found.add(new Found(series, database, region));
        }
      }
    }
    found.sort(Comparator.comparing(one -> one.series().key()));
    return found;
  }

  /**
   * What each pattern matches, pattern by pattern: the order of a query's columns. A series that
   * several patterns match comes several times.
   */
  static List<List<Found>> perPattern(ClusterRegions regions, List<PathPattern> patterns)
      throws StatusException {
    List<Found> all = matching(regions, patterns);
    LinkedHashMap<String, Found> byPath = new LinkedHashMap<>();
    all.forEach(one -> byPath.put(one.series().key().path(), one));
    List<List<Found>> found = new ArrayList<>();
    long columns = 0;
    for (PathPattern pattern : patterns) {
      List<Found> of = all;
      if (!pattern.hasWildcard()) {
        Found one = byPath.get(pattern.toString());
        of = one == null ? List.of() : List.of(one);
      } else if (patterns.size() > 1) {
        of = all.stream().filter(one -> pattern.matches(one.series().key().path())).toList();
      }
      columns += of.size();
      if (columns > COLUMNS_MAX) {
        throw new StatusException(
            StatusCode.SEMANTIC_ERROR,
            "the query has more columns than the %d that are possible".formatted(COLUMNS_MAX));
      }
      found.add(of);
    }
    return found;
  }
}
