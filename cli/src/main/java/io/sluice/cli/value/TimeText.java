package io.sluice.cli.value;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.format.SignStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;

/**
 * Time stamps as text: written as {@code 2022-04-03T20:08:17.127+08:00} (Z for UTC) and read in the
 * forms that sensors and spread sheets write. Immutable.
 */
public final class TimeText {
  private static final int YEAR_DIGITS_MAX = 10;
  private static final DateTimeFormatter READ = reader();

  private final ZoneId zone;
  private final TimePrecision precision;
  private final DateTimeFormatter write;

  /**
   * @param zone the zone to write in, and of texts that name none
   */
  public TimeText(ZoneId zone, TimePrecision precision) {
    this.zone = zone;
    this.precision = precision;
    this.write =
        new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, 4, YEAR_DIGITS_MAX, SignStyle.EXCEEDS_PAD)
            .appendPattern("-MM-dd'T'HH:mm:ss")
            .appendFraction(
                ChronoField.NANO_OF_SECOND, precision.digits(), precision.digits(), true)
            // Up to seconds of offset: zones had odd ones before they were standard.
            .appendOffset("+HH:MM:ss", "Z")
            .toFormatter(Locale.ROOT);
  }

  /** The same in another zone. */
  public TimeText in(ZoneId other) {
    return new TimeText(other, precision);
  }

  public ZoneId zone() {
    return zone;
  }

  /** Writes a time stamp of the server's unit. */
  public String write(long time) {
    long second = Math.floorDiv(time, precision.perSecond());
    long rest = Math.floorMod(time, precision.perSecond());
    long nanos = rest * (1_000_000_000L / precision.perSecond());
    return write.format(Instant.ofEpochSecond(second, nanos).atZone(zone));
  }

  /**
   * Reads a whole number (the server's unit since the epoch) or a date with an optional time,
   * fraction and offset. A text without an offset is in this zone; a time that the zone's clocks
   * skipped is read with the offset before the skip, one they showed twice as the first.
   *
   * @throws BadValueException if the text is none of these or finer than the server's unit
   */
  public long read(String text) throws BadValueException {
    String trimmed = text.strip();
    if (isWholeNumber(trimmed)) {
      try {
        return Long.parseLong(trimmed);
      } catch (NumberFormatException e) {
        throw new BadValueException("time out of range: " + quote(text));
      }
    }
    try {
      LocalDateTime usual = UsualTime.read(trimmed);
      if (usual != null) {
        return ofInstant(toInstant(usual), text);
      }
      TemporalAccessor parsed =
          READ.parseBest(trimmed, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      return ofInstant(toInstant(parsed), text);
    } catch (DateTimeParseException e) {
      throw new BadValueException("not a time: " + quote(text));
    } catch (DateTimeException | ArithmeticException e) {
      throw new BadValueException("time out of range: " + quote(text));
    }
  }

  private Instant toInstant(TemporalAccessor parsed) {
    if (parsed instanceof OffsetDateTime withOffset) {
      return withOffset.toInstant();
    }
    LocalDateTime local =
        parsed instanceof LocalDateTime dateTime ? dateTime : ((LocalDate) parsed).atStartOfDay();
    return ZonedDateTime.of(local, zone).toInstant();
  }

  private long ofInstant(Instant instant, String text) throws BadValueException {
    long nanosPerUnit = 1_000_000_000L / precision.perSecond();
    if (instant.getNano() % nanosPerUnit != 0) {
      throw new BadValueException(
          "time finer than the server's "
              + precision.name().toLowerCase(Locale.ROOT)
              + "s: "
              + quote(text));
    }
    long second = instant.getEpochSecond();
    long units = instant.getNano() / nanosPerUnit;
    if (second < 0 && units > 0) {
      // From the next second backwards, or the smallest times overflow on the way.
      return Math.addExact(
          Math.multiplyExact(second + 1, precision.perSecond()), units - precision.perSecond());
    }
    return Math.addExact(Math.multiplyExact(second, precision.perSecond()), units);
  }

  private static boolean isWholeNumber(String text) {
    int from = text.startsWith("-") ? 1 : 0;
    if (text.length() == from) {
      return false;
    }
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static String quote(String text) {
    return ValueText.shown(text);
  }

  private static DateTimeFormatter reader() {
    DateTimeFormatter slashed =
        new DateTimeFormatterBuilder().appendPattern("uuuu/M/d").toFormatter(Locale.ROOT);
    DateTimeFormatter dashed =
        new DateTimeFormatterBuilder()
            .appendValue(ChronoField.YEAR, 4, YEAR_DIGITS_MAX, SignStyle.EXCEEDS_PAD)
            .appendPattern("-M-d")
            .toFormatter(Locale.ROOT);
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendOptional(dashed)
        .appendOptional(slashed)
        .optionalStart()
        .appendPattern("['T'][' ']H:mm[:ss]")
        .optionalStart()
        .appendFraction(ChronoField.NANO_OF_SECOND, 1, 9, true)
        .optionalEnd()
        .appendPattern("[' ']")
        .optionalStart()
        .appendOffset("+HH:MM:ss", "Z")
        .optionalEnd()
        .optionalStart()
        .appendOffset("+HHMM", "Z")
        .optionalEnd()
        .optionalEnd()
        .toFormatter(Locale.ROOT)
        .withResolverStyle(ResolverStyle.STRICT);
  }

  /** UTC at milliseconds. */
  public static TimeText utc() {
    return new TimeText(ZoneOffset.UTC, TimePrecision.MILLISECOND);
  }
}
