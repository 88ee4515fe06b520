package io.sluice.datanode.statement;

import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.MergedRows;
import io.sluice.datanode.read.NoRows;
import io.sluice.datanode.read.ReadOptions;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.tsfile.enums.TSDataType;

/** The series a query reads, each once, over all regions. Not thread-safe. */
final class ScanPlan {
  private final Map<SeriesKey, Integer> places = new LinkedHashMap<>();
  private final List<TSDataType> types = new ArrayList<>();
  private final Map<UUID, Part> parts = new LinkedHashMap<>();

  /** Which column of the blocks will hold the series; a series is added once. */
  int place(SelectedSeries.Found found) {
    SeriesKey key = found.series().key();
    Integer place = places.get(key);
    if (place == null) {
      place = places.size();
      places.put(key, place);
      types.add(found.series().spec().type());
      parts
          .computeIfAbsent(found.region().id(), id -> new Part(found.region()))
          .add(key, found.series().spec().type(), place);
    }
    return place;
  }

  /** Of the columns of the blocks. */
  List<TSDataType> types() {
    return List.copyOf(types);
  }

  /**
   * Rows for each time stamp at which any of the series has a point.
   *
   * @param limitRows 0 for all
   */
  RowBlocks open(TimeRange times, boolean descending, long limitRows) throws StatusException {
    if (parts.isEmpty() || times.empty()) {
      return NoRows.INSTANCE;
    }
    List<MergedRows.Input> inputs = new ArrayList<>();
    try {
      for (Part part : parts.values()) {
        ScanRequest request = new ScanRequest(part.keys, part.types, times, descending, limitRows);
        inputs.add(new MergedRows.Input(part.region.scan(request), part.targets));
      }
    } catch (StatusException | RuntimeException e) {
      inputs.forEach(input -> input.rows().close());
      throw e;
    }
    return inputs.size() == 1
        ? inputs.get(0).rows()
        : new MergedRows(inputs, types, descending, ReadOptions.DEFAULT);
  }

  /** How many points each series has, by its place. */
  long[] count(TimeRange times) throws StatusException {
    long[] counts = new long[places.size()];
    if (times.empty()) {
      return counts;
    }
    for (Part part : parts.values()) {
      long[] of = part.region.count(new ScanRequest(part.keys, part.types, times, false, 0));
      for (int i = 0; i < of.length; i++) {
        counts[part.targets.get(i)] = of[i];
      }
    }
    return counts;
  }

  /** What one region is asked for, and to which columns of the answer that goes. */
  private static final class Part {
    private final RegionAccess region;
    private final List<SeriesKey> keys = new ArrayList<>();
    private final List<TSDataType> types = new ArrayList<>();
    private final List<Integer> targets = new ArrayList<>();

    Part(RegionAccess region) {
      this.region = region;
    }

    void add(SeriesKey key, TSDataType type, int target) {
      keys.add(key);
      types.add(type);
      targets.add(target);
    }
  }
}
