package io.sluice.sql.statement;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * A constant of an INSERT as written. Its type is not known here: that is the series' to say, or
 * the inference's when the series is new.
 */
public sealed interface Literal {
  /** {@code null}: no point for this series in this row. */
  record Null() implements Literal {}

  /** {@code true} or {@code false}. */
  record Bool(boolean value) implements Literal {}

  /**
   * A number with its sign.
   *
   * @param text as {@code Double.parseDouble} and, if whole, {@code new BigInteger} read it: {@code
   *     -5}, {@code 1.5e3}, {@code NaN}; of any size
   * @param whole digits only, no point and no exponent
   */
  record Number(String text, boolean whole) implements Literal {}

  /** A quoted string, without its quotes. */
  record Text(String value) implements Literal {}

  /** {@code X'0aff'}. The array is this literal's own: readers never write to it. */
  record Blob(byte[] bytes) implements Literal {
    @Override
    public boolean equals(Object other) {
      return other instanceof Blob that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Blob[" + HexFormat.of().formatHex(bytes) + "]";
    }
  }

  /**
   * {@code now()} or an unquoted date, with what was added to it.
   *
   * @param epochMs the moment in milliseconds
   * @param text as written, so that {@code 2024-05-01} can be a DATE whatever the zone
   */
  record Time(long epochMs, String text) implements Literal {}
}
