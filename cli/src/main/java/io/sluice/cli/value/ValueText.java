package io.sluice.cli.value;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;

/** The text of a value that is no time stamp, and back. Stateless. */
public final class ValueText {
  private static final int SHOWN_CHARS_MAX = 60;
  private static final String HEX_MARK = "0x";

  private ValueText() {}

  /** The words of a type as a person writes them, in any case. */
  public static TSDataType typeOf(String word) throws BadValueException {
    return switch (word.strip().toUpperCase(Locale.ROOT)) {
      case "BOOLEAN" -> TSDataType.BOOLEAN;
      case "INT32" -> TSDataType.INT32;
      case "INT64" -> TSDataType.INT64;
      case "FLOAT" -> TSDataType.FLOAT;
      case "DOUBLE" -> TSDataType.DOUBLE;
      case "TEXT" -> TSDataType.TEXT;
      case "STRING" -> TSDataType.STRING;
      case "BLOB" -> TSDataType.BLOB;
      case "TIMESTAMP" -> TSDataType.TIMESTAMP;
      case "DATE" -> TSDataType.DATE;
      default -> throw new BadValueException("unknown type: " + shown(word));
    };
  }

  /** Writes bytes that need not be text. */
  public static String ofBlob(byte[] bytes) {
    return HEX_MARK + HexFormat.of().formatHex(bytes);
  }

  /**
   * Reads a value as a tablet's column of this type holds it: Boolean, Integer, Long, Float,
   * Double, {@link Binary}, {@link LocalDate}.
   *
   * @throws BadValueException if the text is no value of the type
   */
  public static Object read(String text, TSDataType type, TimeText times) throws BadValueException {
    try {
      return switch (type) {
        case BOOLEAN -> readBoolean(text);
        case INT32 -> Integer.parseInt(text.strip());
        case INT64 -> Long.parseLong(text.strip());
        case FLOAT -> readFloat(text);
        case DOUBLE -> readDouble(text);
        case TEXT, STRING -> new Binary(text.getBytes(StandardCharsets.UTF_8));
        case BLOB -> new Binary(readBlob(text));
        case TIMESTAMP -> times.read(text);
        case DATE -> readDate(text);
        default -> throw new BadValueException("type " + type + " cannot be read from text");
      };
    } catch (NumberFormatException e) {
      throw notA(type, text);
    }
  }

  /** Whether the text is digits with an optional sign, of any length. */
  public static boolean isWholeNumber(String text) {
    int from = startsWithSign(text) ? 1 : 0;
    return text.length() > from && skipDigits(text, from) == text.length();
  }

  /**
   * Whether the text is a number with a point or an exponent, or NaN or an infinity. Narrower than
   * the JDK's parser, which also takes hexadecimal, trailing letters and blanks.
   */
  public static boolean isDecimal(String text) {
    int from = startsWithSign(text) ? 1 : 0;
    String rest = text.substring(from);
    if (rest.equals("NaN") || rest.equals("Infinity")) {
      return true;
    }
    int at = skipDigits(text, from);
    int digits = at - from;
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = at + 1;
      at = skipDigits(text, fraction);
      digits += at - fraction;
    }
    if (digits == 0) {
      return false;
    }
    if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1;
      if (exponent < text.length()
          && (text.charAt(exponent) == '-' || text.charAt(exponent) == '+')) {
        exponent++;
      }
      at = skipDigits(text, exponent);
      if (at == exponent) {
        return false;
      }
    }
    return at == text.length();
  }

  /** Whether the text is true or false in any case. */
  public static boolean isBoolean(String text) {
    return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
  }

  /** The text in quotes for a message: one line, not too long. */
  public static String shown(String text) {
    StringBuilder out = new StringBuilder("'");
    int end = Math.min(text.length(), SHOWN_CHARS_MAX);
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      out.append(Character.isISOControl(c) ? '?' : c);
    }
    return out.append(end < text.length() ? "…'" : "'").toString();
  }

  private static Boolean readBoolean(String text) throws BadValueException {
    String trimmed = text.strip();
    if (!isBoolean(trimmed)) {
      throw notA(TSDataType.BOOLEAN, text);
    }
    return trimmed.equalsIgnoreCase("true");
  }

  private static Float readFloat(String text) throws BadValueException {
    String trimmed = requireNumber(text, TSDataType.FLOAT);
    float value = Float.parseFloat(trimmed);
    if (Float.isInfinite(value) && !trimmed.endsWith("Infinity")) {
      throw new BadValueException("out of the range of FLOAT: " + shown(text));
    }
    return value;
  }

  private static Double readDouble(String text) throws BadValueException {
    String trimmed = requireNumber(text, TSDataType.DOUBLE);
    double value = Double.parseDouble(trimmed);
    if (Double.isInfinite(value) && !trimmed.endsWith("Infinity")) {
      throw new BadValueException("out of the range of DOUBLE: " + shown(text));
    }
    return value;
  }

  private static String requireNumber(String text, TSDataType type) throws BadValueException {
    String trimmed = text.strip();
    if (!isDecimal(trimmed)) {
      throw notA(type, text);
    }
    return trimmed;
  }

  private static byte[] readBlob(String text) throws BadValueException {
    String trimmed = text.strip();
    if (!trimmed.regionMatches(true, 0, HEX_MARK, 0, HEX_MARK.length())) {
      throw new BadValueException("not a BLOB (0x and hexadecimal digits): " + shown(text));
    }
    try {
      return HexFormat.of().parseHex(trimmed.substring(HEX_MARK.length()));
    } catch (IllegalArgumentException e) {
      throw new BadValueException("not a BLOB (0x and hexadecimal digits): " + shown(text));
    }
  }

  private static LocalDate readDate(String text) throws BadValueException {
    try {
      return LocalDate.parse(text.strip());
    } catch (DateTimeParseException e) {
      throw notA(TSDataType.DATE, text);
    } catch (DateTimeException e) {
      throw new BadValueException("out of the range of DATE: " + shown(text));
    }
  }

  private static BadValueException notA(TSDataType type, String text) {
    return new BadValueException("not a value of type " + type + ": " + shown(text));
  }

  private static boolean startsWithSign(String text) {
    return !text.isEmpty() && (text.charAt(0) == '-' || text.charAt(0) == '+');
  }

  private static int skipDigits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
