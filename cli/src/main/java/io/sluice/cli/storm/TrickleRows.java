package io.sluice.cli.storm;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/**
 * The acknowledged rows of one device with measurements {@code v} and {@code w}: the last
 * acknowledged value of each time stamp. Confined to one thread at a time.
 */
final class TrickleRows {
  private static final int DIFFERENCES_MAX = 20;

  private final String device;
  private final SortedMap<Long, Row> rows = new TreeMap<>();

  /** Null where there is no value. */
  private record Row(Long v, Long w) {}

  TrickleRows(String device) {
    this.device = device;
  }

  String device() {
    return device;
  }

  void acknowledged(TrickleBatch batch) {
    for (int i = 0; i < batch.times().length; i++) {
      Row before = rows.getOrDefault(batch.times()[i], new Row(null, null));
      rows.put(
          batch.times()[i],
          new Row(
              batch.withV() ? Long.valueOf(batch.v(i)) : before.v(),
              batch.withW() ? Long.valueOf(batch.w(i)) : before.w()));
    }
  }

  long points() {
    return rows.values().stream()
        .mapToLong(row -> (row.v() == null ? 0 : 1) + (row.w() == null ? 0 : 1))
        .sum();
  }

  /** Reads the device and says where it is not as acknowledged, up to a named limit. */
  List<String> differences(StormClient client)
      throws IoTDBConnectionException, StatementExecutionException {
    try (QueriedRows there = new QueriedRows(client, device)) {
      return differences(there);
    }
  }

  List<String> differences(FoundRows there)
      throws IoTDBConnectionException, StatementExecutionException {
    List<String> found = new ArrayList<>();
    Iterator<Map.Entry<Long, Row>> expected = rows.entrySet().iterator();
    Map.Entry<Long, Row> next = after(expected);
    while (found.size() < DIFFERENCES_MAX && there.next()) {
      long time = there.timeMs();
      Row row = new Row((Long) there.value("v"), (Long) there.value("w"));
      while (found.size() < DIFFERENCES_MAX && next != null && next.getKey() < time) {
        found.add(device + " " + next.getKey() + ": acknowledged " + next.getValue() + " | none");
        next = after(expected);
      }
      if (next == null || next.getKey() > time) {
        found.add(device + " " + time + ": never acknowledged, or twice there | " + row);
      } else {
        if (!next.getValue().equals(row)) {
          found.add(device + " " + time + ": acknowledged " + next.getValue() + " | " + row);
        }
        next = after(expected);
      }
    }
    if (found.size() < DIFFERENCES_MAX && next != null) {
      found.add(device + " " + next.getKey() + " and on: acknowledged | none");
    }
    return found;
  }

  private static Map.Entry<Long, Row> after(Iterator<Map.Entry<Long, Row>> expected) {
    return expected.hasNext() ? expected.next() : null;
  }
}
