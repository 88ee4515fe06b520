package io.sluice.sql;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as SQL writes them: {@code 1h30m}, {@code 2w}, {@code 1mo}. Months and years follow the
 * calendar of the zone; all others are fixed lengths (a day is 24 hours).
 */
final class DurationText {
  private static final Pattern PART =
      Pattern.compile("(\\d+)(y|mo|ms|us|ns|w|d|h|m|s)", Pattern.CASE_INSENSITIVE);
  private static final long DAYS_OF_WEEK = 7;

  private DurationText() {}

  /** {@code timeMs} plus the duration, or minus it when {@code back}; refuses an overflow. */
  static long shift(long timeMs, boolean back, String duration, ZoneId zone) {
    long shifted = timeMs;
    Matcher part = PART.matcher(duration);
    try {
      while (part.find()) {
        long amount = Long.parseLong(part.group(1));
        String unit = part.group(2).toLowerCase(Locale.ROOT);
        shifted = shift(shifted, back ? -amount : amount, unit, zone);
      }
    } catch (ArithmeticException | NumberFormatException | DateTimeException outOfRange) {
      throw Refusal.semantic("Duration " + Refusal.shown(duration) + " is out of range");
    }
    return shifted;
  }

  private static long shift(long timeMs, long amount, String unit, ZoneId zone) {
    return switch (unit) {
      case "y" ->
          Instant.ofEpochMilli(timeMs).atZone(zone).plusYears(amount).toInstant().toEpochMilli();
      case "mo" ->
          Instant.ofEpochMilli(timeMs).atZone(zone).plusMonths(amount).toInstant().toEpochMilli();
      case "w" ->
          Math.addExact(timeMs, millis(Math.multiplyExact(amount, DAYS_OF_WEEK), TimeUnit.DAYS));
      case "d" -> Math.addExact(timeMs, millis(amount, TimeUnit.DAYS));
      case "h" -> Math.addExact(timeMs, millis(amount, TimeUnit.HOURS));
      case "m" -> Math.addExact(timeMs, millis(amount, TimeUnit.MINUTES));
      case "s" -> Math.addExact(timeMs, millis(amount, TimeUnit.SECONDS));
      case "ms" -> Math.addExact(timeMs, amount);
      case "us" -> Math.addExact(timeMs, TimeUnit.MICROSECONDS.toMillis(amount));
      case "ns" -> Math.addExact(timeMs, TimeUnit.NANOSECONDS.toMillis(amount));
      default -> throw new IllegalStateException("no unit of time: " + unit);
    };
  }

  /** Unlike TimeUnit's own conversion this does not stop at the largest long. */
  private static long millis(long amount, TimeUnit unit) {
    return Math.multiplyExact(amount, unit.toMillis(1));
  }
}
