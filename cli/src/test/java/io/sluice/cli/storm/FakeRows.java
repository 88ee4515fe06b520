package io.sluice.cli.storm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rows as given, in the order given. */
final class FakeRows implements FoundRows {
  private record Row(long timeMs, Map<String, Object> values) {}

  private final List<Row> rows = new ArrayList<>();
  private int at = -1;

  FakeRows add(long timeMs, Map<String, Object> values) {
    rows.add(new Row(timeMs, values));
    return this;
  }

  @Override
  public boolean next() {
    return ++at < rows.size();
  }

  @Override
  public long timeMs() {
    return rows.get(at).timeMs();
  }

  @Override
  public Object value(String measurement) {
    return rows.get(at).values().get(measurement);
  }
}
