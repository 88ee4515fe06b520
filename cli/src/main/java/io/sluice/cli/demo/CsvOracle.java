package io.sluice.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a CSV of {@code timestamp,value} lines says should be there: per time stamp (UTC) the last
 * value. Kept apart from the importer on purpose, so that a fault there cannot hide itself.
 */
public record CsvOracle(SortedMap<Long, Double> values) {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /**
   * @throws IOException naming the line that is not {@code timestamp,value}
   */
  public static CsvOracle read(Path file) throws IOException {
    SortedMap<Long, Double> values = new TreeMap<>();
    List<String> lines = Files.readAllLines(file);
    for (int i = 1; i < lines.size(); i++) {
      String[] fields = lines.get(i).split(",", -1);
      if (lines.get(i).isBlank()) {
        continue;
      }
      if (fields.length != 2) {
        throw new IOException(
            file + " line " + (i + 1) + ": the demo compares files of timestamp,value only");
      }
      long time =
          LocalDateTime.parse(fields[0].trim(), TIME).toInstant(ZoneOffset.UTC).toEpochMilli();
      values.put(time, Double.valueOf(fields[1].trim()));
    }
    return new CsvOracle(values);
  }

  /** Where {@code series}' points are not this file's, one line each. */
  public List<String> differencesTo(AllRows rows, String series) {
    Map<Long, String> found = rows.series().getOrDefault(series, new TreeMap<>());
    TreeSet<Long> times = new TreeSet<>(values.keySet());
    times.addAll(found.keySet());
    List<String> differences = new ArrayList<>();
    for (Long time : times) {
      String text = found.get(time);
      Double value = text == null ? null : Double.valueOf(text);
      if (!Objects.equals(values.get(time), value)) {
        differences.add(series + " " + time + ": file " + values.get(time) + " | " + text);
      }
    }
    return differences;
  }
}
