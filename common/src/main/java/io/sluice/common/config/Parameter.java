package io.sluice.common.config;

import java.util.Locale;

/**
 * One parameter of the configuration files.
 *
 * @param key as IoTDB names it
 * @param file where it is set
 * @param type what its text means
 * @param defaultText used when no file sets it
 * @param reload whether LOAD CONFIGURATION re-reads it; the others need a restart
 * @param meaning what an operator reads above it in the file, plain text
 */
public record Parameter<T>(
    String key,
    ConfFile file,
    ValueType<T> type,
    String defaultText,
    Reload reload,
    String meaning) {

  /** The files, all in one folder. */
  public enum ConfFile {
    COMMON("iotdb-common.properties"),
    CONFIGNODE("iotdb-confignode.properties"),
    DATANODE("iotdb-datanode.properties");

    private final String fileName;

    ConfFile(String fileName) {
      this.fileName = fileName;
    }

    public String fileName() {
      return fileName;
    }
  }

  public enum Reload {
    AT_LOAD_CONFIGURATION("re-read by LOAD CONFIGURATION"),
    AT_RESTART("needs a restart");

    private final String text;

    Reload(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }
  }

  /** A type with its range. */
  public interface ValueType<T> {
    /** Such as {@code Int}. */
    String name();

    /** Such as {@code [0, 65535]}; empty when any text will do. */
    String range();

    /**
     * @throws IllegalArgumentException saying what is wrong with {@code text}, without the key
     */
    T parse(String text);
  }

  public static ValueType<Integer> integer(int min, int max) {
    return new Range<>("Int", "[" + min + ", " + max + "]") {
      @Override
      public Integer parse(String text) {
        return (int) whole(text, min, max, this);
      }
    };
  }

  public static ValueType<Long> longInteger(long min, long max) {
    return new Range<>("Long", "[" + min + ", " + max + "]") {
      @Override
      public Long parse(String text) {
        return whole(text, min, max, this);
      }
    };
  }

  public static ValueType<Double> fraction(double min, double max) {
    return new Range<>("Double", "[" + min + ", " + max + "]") {
      @Override
      public Double parse(String text) {
        double value;
        try {
          value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("'" + text + "' is not a number", e);
        }
        if (!(value >= min && value <= max)) {
          throw new IllegalArgumentException(text + " is outside " + range());
        }
        return value;
      }
    };
  }

  public static ValueType<Boolean> flag() {
    return new Range<>("Boolean", "true or false") {
      @Override
      public Boolean parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
          case "true" -> true;
          case "false" -> false;
          default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
        };
      }
    };
  }

  public static ValueType<String> text(String range) {
    return new Range<>("String", range) {
      @Override
      public String parse(String text) {
        return text;
      }
    };
  }

  /** A text that must not be empty. */
  public static ValueType<String> requiredText(String range) {
    return new Range<>("String", range) {
      @Override
      public String parse(String text) {
        if (text.isEmpty()) {
          throw new IllegalArgumentException("is empty");
        }
        return text;
      }
    };
  }

  /** One of {@code words}, in any case; the value is the word as listed. */
  public static ValueType<String> oneOf(String... words) {
    return new Range<>("String", String.join(", ", words)) {
      @Override
      public String parse(String text) {
        for (String word : words) {
          if (word.equalsIgnoreCase(text)) {
            return word;
          }
        }
        throw new IllegalArgumentException("'" + text + "' is not one of " + range());
      }
    };
  }

  /** {@code host:port} entries separated by commas. */
  public static ValueType<java.util.List<HostPort>> endpoints() {
    return new Range<>("String", "host:port, several separated by commas") {
      @Override
      public java.util.List<HostPort> parse(String text) {
        return HostPort.parseList(text);
      }
    };
  }

  private abstract static class Range<T> implements ValueType<T> {
    private final String name;
    private final String range;

    Range(String name, String range) {
      this.name = name;
      this.range = range;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String range() {
      return range;
    }

    static long whole(String text, long min, long max, ValueType<?> type) {
      long value;
      try {
        value = Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("'" + text + "' is not a whole number", e);
      }
      if (value < min || value > max) {
        throw new IllegalArgumentException(text + " is outside " + type.range());
      }
      return value;
    }
  }
}
