package io.sluice.datanode.statement;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.sql.statement.Literal;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;

/** A constant as a point of a series: which type it would make, and its value as one of a type. */
final class LiteralValue {
  /** Whole numbers up to this are exact as FLOAT. */
  private static final BigInteger FLOAT_EXACT_MAX = BigInteger.ONE.shiftLeft(24);

  private static final int ISO_DATE_CHARS = 10;

  private LiteralValue() {}

  /**
   * The type of a series that this constant creates, as IoTDB 1.x infers it: BOOLEAN, FLOAT for
   * numbers, DOUBLE for whole numbers FLOAT cannot hold and for NaN, TEXT; TIMESTAMP and BLOB for
   * what 1.x has no constants of.
   */
  static TSDataType inferred(Literal literal) {
    if (literal instanceof Literal.Bool) {
      return TSDataType.BOOLEAN;
    }
    if (literal instanceof Literal.Number number) {
      if (number.whole()) {
        boolean exact = new BigInteger(number.text()).abs().compareTo(FLOAT_EXACT_MAX) <= 0;
        return exact ? TSDataType.FLOAT : TSDataType.DOUBLE;
      }
      return Double.isNaN(Double.parseDouble(number.text())) ? TSDataType.DOUBLE : TSDataType.FLOAT;
    }
    if (literal instanceof Literal.Blob) {
      return TSDataType.BLOB;
    }
    return literal instanceof Literal.Time ? TSDataType.TIMESTAMP : TSDataType.TEXT;
  }

  /** What a client's untyped text stands for. */
  static Literal ofText(String text) {
    String trimmed = text.trim();
    if (trimmed.equalsIgnoreCase("true") || trimmed.equalsIgnoreCase("false")) {
      return new Literal.Bool(Boolean.parseBoolean(trimmed.toLowerCase(Locale.ROOT)));
    }
    if (trimmed.equals("NaN")) {
      return new Literal.Number(trimmed, false);
    }
    if (looksLikeNumber(trimmed)) {
      boolean whole = trimmed.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E');
      return new Literal.Number(trimmed, whole);
    }
    return new Literal.Text(text);
  }

  private static boolean looksLikeNumber(String text) {
    if (text.isEmpty() || "+-.0123456789".indexOf(text.charAt(0)) < 0) {
      return false;
    }
    try {
      new BigDecimal(text);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * The constant as a value of {@code type}, in the classes a log entry holds.
   *
   * @throws StatusException 507 when it cannot be one
   */
  static Object as(TSDataType type, Literal literal, String path) throws StatusException {
    try {
      Object value =
          switch (type) {
            case BOOLEAN -> bool(literal);
            case INT32 -> whole(literal).intValueExact();
            case INT64 -> whole(literal).longValueExact();
            case TIMESTAMP ->
                literal instanceof Literal.Time time
                    ? time.epochMs()
                    : (Object) whole(literal).longValueExact();
            case FLOAT -> finite(Float.parseFloat(numeric(literal)), literal);
            case DOUBLE -> finite(Double.parseDouble(numeric(literal)), literal);
            case DATE -> date(literal);
            case TEXT, STRING, BLOB -> binary(literal);
            default -> null;
          };
      if (value != null) {
        return value;
      }
    } catch (ArithmeticException | NumberFormatException | DateTimeException e) {
      throw notOne(type, literal, path, e);
    }
    throw notOne(type, literal, path, null);
  }

  private static StatusException notOne(
      TSDataType type, Literal literal, String path, Exception cause) {
    return new StatusException(
        StatusCode.METADATA_ERROR,
        "data type of %s is %s, which %s is not".formatted(path, type, text(literal)),
        cause);
  }

  private static Boolean bool(Literal literal) {
    String text = text(literal).trim();
    if (text.equalsIgnoreCase("true") || text.equals("1")) {
      return true;
    }
    return text.equalsIgnoreCase("false") || text.equals("0") ? false : null;
  }

  private static BigInteger whole(Literal literal) {
    return new BigInteger(numeric(literal));
  }

  private static String numeric(Literal literal) {
    if (literal instanceof Literal.Time time) {
      return Long.toString(time.epochMs());
    }
    if (literal instanceof Literal.Number || literal instanceof Literal.Text) {
      return text(literal).trim();
    }
    throw new NumberFormatException("no number");
  }

  private static Float finite(float value, Literal literal) {
    return Float.isInfinite(value) && !text(literal).contains("nfinity") ? null : (Float) value;
  }

  private static Double finite(double value, Literal literal) {
    return Double.isInfinite(value) && !text(literal).contains("nfinity") ? null : (Double) value;
  }

  private static Integer date(Literal literal) {
    String text = text(literal).trim();
    if (text.length() < ISO_DATE_CHARS) {
      return null;
    }
    String day = text.substring(0, ISO_DATE_CHARS).replace('/', '-').replace('.', '-');
    LocalDate date = LocalDate.parse(day);
    return date.getYear() * 10_000 + date.getMonthValue() * 100 + date.getDayOfMonth();
  }

  private static Binary binary(Literal literal) {
    if (literal instanceof Literal.Blob blob) {
      return new Binary(blob.bytes());
    }
    return new Binary(text(literal), StandardCharsets.UTF_8);
  }

  private static String text(Literal literal) {
    if (literal instanceof Literal.Bool bool) {
      return Boolean.toString(bool.value());
    }
    if (literal instanceof Literal.Number number) {
      return number.text();
    }
    if (literal instanceof Literal.Text text) {
      return text.value();
    }
    if (literal instanceof Literal.Time time) {
      return time.text();
    }
    return literal instanceof Literal.Blob ? "a blob" : "null";
  }
}
