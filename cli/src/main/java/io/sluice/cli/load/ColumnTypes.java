package io.sluice.cli.load;

import io.sluice.cli.value.BadValueException;
import io.sluice.cli.value.ValueText;
import org.apache.tsfile.enums.TSDataType;

/**
 * Finds the type of one column by looking at all its values. What more than half of them are, the
 * column is: one broken value must not turn a sensor's numbers into texts; it becomes a bad line.
 */
final class ColumnTypes {
  private static final int LONG_DIGITS_SURE = 18;

  private long booleans;
  private long wholes;
  private long decimals;
  private long others;

  /** Looks at one value. */
  void see(String text) {
    String trimmed = text.strip();
    if (ValueText.isBoolean(trimmed)) {
      booleans++;
    } else if (ValueText.isWholeNumber(trimmed)) {
      // Digits beyond the range are names of something more often than amounts.
      if (fitsLong(trimmed)) {
        wholes++;
      } else {
        others++;
      }
    } else if (ValueText.isDecimal(trimmed)) {
      decimals++;
    } else {
      others++;
    }
  }

  /** The type, or null if there was no value. */
  TSDataType type() {
    long all = booleans + wholes + decimals + others;
    if (all == 0) {
      return null;
    }
    if (booleans * 2 > all) {
      return TSDataType.BOOLEAN;
    }
    if ((wholes + decimals) * 2 > all) {
      return decimals > 0 ? TSDataType.DOUBLE : TSDataType.INT64;
    }
    return TSDataType.TEXT;
  }

  private static boolean fitsLong(String digits) {
    if (digits.length() <= LONG_DIGITS_SURE) {
      return true;
    }
    try {
      ValueText.read(digits, TSDataType.INT64, null);
      return true;
    } catch (BadValueException e) {
      return false;
    }
  }
}
