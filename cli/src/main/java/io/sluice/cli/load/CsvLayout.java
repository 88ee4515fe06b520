package io.sluice.cli.load;

import io.sluice.cli.csv.CsvField;
import io.sluice.cli.value.BadValueException;
import io.sluice.cli.value.SeriesPath;
import io.sluice.cli.value.TimeText;
import io.sluice.cli.value.ValueText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.tsfile.enums.TSDataType;

/**
 * What the fields of each line mean: first a time, then perhaps a device, then values.
 *
 * @param columns the values' columns in the order of the fields
 * @param deviceInLine whether the second field names the device
 * @param hasHeader whether the first record names the columns and holds no data
 */
record CsvLayout(List<Column> columns, boolean deviceInLine, boolean hasHeader) {
  private static final Pattern TYPED = Pattern.compile("(?s)(.+)\\(([A-Za-z0-9]+)\\)");

  /**
   * A column of values.
   *
   * @param device null where each line names its own
   * @param measurement ready for a path
   * @param declared the type the header gives, or null
   */
  record Column(String title, String device, String measurement, TSDataType declared) {}

  /** Fields that stand before the values. */
  int leadingFields() {
    return deviceInLine ? 2 : 1;
  }

  int fieldCount() {
    return leadingFields() + columns.size();
  }

  /**
   * Makes out the layout from the first record.
   *
   * @param into the device of columns that name none, or null
   * @throws BadLayoutException if a device is missing or given twice, or a column twice
   */
  static CsvLayout of(List<CsvField> first, String into, TimeText times) throws BadLayoutException {
    if (into != null && !SeriesPath.isDevice(into)) {
      throw new BadLayoutException("not a device's path: " + into + " (such as root.db.device)");
    }
    if (first.size() < 2) {
      throw new BadLayoutException(
          "a time and at least one value are needed in each line, parted by the separator");
    }
    CsvLayout layout =
        isHeader(first, times) ? named(first, into) : unnamed(first.size() - 1, into);
    Set<String> seen = new HashSet<>();
    for (Column column : layout.columns) {
      if (!seen.add(column.device + "." + column.measurement)) {
        throw new BadLayoutException("column " + column.title + " is there twice");
      }
    }
    return layout;
  }

  /** A header has no time where the times stand and no number anywhere. */
  private static boolean isHeader(List<CsvField> first, TimeText times) {
    return !isTime(first.get(0).text(), times)
        && first.stream().map(CsvField::text).noneMatch(ValueText::isDecimal);
  }

  private static boolean isTime(String text, TimeText times) {
    try {
      times.read(text);
      return true;
    } catch (BadValueException e) {
      return false;
    }
  }

  private static CsvLayout named(List<CsvField> titles, String into) throws BadLayoutException {
    boolean deviceInLine =
        titles.size() > 2
            && titles.get(0).text().strip().equalsIgnoreCase("time")
            && titles.get(1).text().strip().equalsIgnoreCase("device");
    boolean seriesInHeader =
        !deviceInLine
            && titles.stream().skip(1).allMatch(title -> title.text().strip().startsWith("root."));
    if (into != null && (deviceInLine || seriesInHeader)) {
      throw new BadLayoutException("the file names its own devices: leave --into out");
    }
    if (into == null && !deviceInLine && !seriesInHeader) {
      throw needsDevice();
    }
    List<Column> columns = new ArrayList<>();
    for (CsvField title : titles.subList(deviceInLine ? 2 : 1, titles.size())) {
      columns.add(column(title.text().strip(), seriesInHeader, into));
    }
    return new CsvLayout(columns, deviceInLine, true);
  }

  private static Column column(String title, boolean isSeries, String device)
      throws BadLayoutException {
    String name = title;
    TSDataType declared = null;
    Matcher typed = TYPED.matcher(title);
    if (typed.matches()) {
      try {
        declared = ValueText.typeOf(typed.group(2));
        name = typed.group(1).strip();
      } catch (BadValueException e) {
        // Brackets that hold no type belong to the name: "temperature(C)".
        declared = null;
      }
    }
    if (name.isEmpty()) {
      throw new BadLayoutException("a column without a name in the header");
    }
    if (!isSeries) {
      return new Column(title, device, SeriesPath.node(name), declared);
    }
    SeriesPath series =
        SeriesPath.parse(name).orElseThrow(() -> new BadLayoutException("not a series: " + title));
    return new Column(title, series.device(), series.measurement(), declared);
  }

  private static CsvLayout unnamed(int columns, String into) throws BadLayoutException {
    if (into == null) {
      throw needsDevice();
    }
    List<Column> named = new ArrayList<>();
    for (int i = 1; i <= columns; i++) {
      String name = columns == 1 ? "value" : "value" + i;
      named.add(new Column(name, into, name, null));
    }
    return new CsvLayout(named, false, false);
  }

  private static BadLayoutException needsDevice() {
    return new BadLayoutException(
        "the file names no device: say where it goes, such as --into root.db.device");
  }
}
