package io.sluice.cli.load;

import io.sluice.cli.value.TimeText;
import java.util.Map;
import org.apache.tsfile.enums.TSDataType;

/**
 * How to read a file and where to put it.
 *
 * @param into the device of a file that names none, or null
 * @param times reads its times
 * @param aligned whether new devices are aligned
 * @param batchRows rows of one tablet
 * @param separator between fields
 * @param nullText a text that stands for no value, besides the empty one; or null
 * @param types by column title; overrides what the values look like
 */
public record ImportOptions(
    String into,
    TimeText times,
    boolean aligned,
    int batchRows,
    char separator,
    String nullText,
    Map<String, TSDataType> types) {

  /** The same with times read another way. */
  public ImportOptions withTimes(TimeText other) {
    return new ImportOptions(into, other, aligned, batchRows, separator, nullText, types);
  }
}
