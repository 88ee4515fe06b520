package io.sluice.sql;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Dates as SQL writes them: {@code 2022-03-30}, {@code 2022/3/30 10:00}, {@code
 * 2022.03.30T10:00:00.123+08:00}. Digits behind the millisecond are cut off, as everywhere where
 * time stamps are milliseconds.
 */
final class DateText {
  private static final int LENGTH_CHARS_MAX = 64;
  private static final int DIGITS_OF_NANOS = 9;
  private static final Pattern FORM =
      Pattern.compile(
          "(?<year>\\d{4})([-/.])(?<month>\\d{1,2})\\2(?<day>\\d{1,2})"
              + "(?:(?:T| +)(?<hour>\\d{1,2}):(?<minute>\\d{1,2})"
              + "(?::(?<second>\\d{1,2})(?:\\.(?<fraction>\\d{1,9}))?)?"
              + "(?<zone>Z|(?<sign>[+-])(?<zoneHour>\\d{1,2}):(?<zoneMinute>\\d{2}))?)?",
          Pattern.CASE_INSENSITIVE);

  private DateText() {}

  /** Milliseconds since the epoch, or empty when {@code text} is no date or names no such day. */
  static OptionalLong epochMs(String text, ZoneId sessionZone) {
    if (text.length() > LENGTH_CHARS_MAX) {
      return OptionalLong.empty();
    }
    Matcher date = FORM.matcher(text.strip());
    if (!date.matches()) {
      return OptionalLong.empty();
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              field(date, "year"),
              field(date, "month"),
              field(date, "day"),
              field(date, "hour"),
              field(date, "minute"),
              field(date, "second"),
              nanos(date.group("fraction")));
      return OptionalLong.of(local.atZone(zone(date, sessionZone)).toInstant().toEpochMilli());
    } catch (DateTimeException noSuchDay) {
      return OptionalLong.empty();
    }
  }

  private static int field(Matcher date, String name) {
    String digits = date.group(name);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  private static int nanos(String fraction) {
    if (fraction == null) {
      return 0;
    }
    return Integer.parseInt(fraction + "0".repeat(DIGITS_OF_NANOS - fraction.length()));
  }

  private static ZoneId zone(Matcher date, ZoneId sessionZone) {
    if (date.group("zone") == null) {
      return sessionZone;
    }
    if (date.group("sign") == null) {
      return ZoneOffset.UTC;
    }
    int sign = date.group("sign").equals("-") ? -1 : 1;
    return ZoneOffset.ofHoursMinutes(
        sign * field(date, "zoneHour"), sign * field(date, "zoneMinute"));
  }
}
