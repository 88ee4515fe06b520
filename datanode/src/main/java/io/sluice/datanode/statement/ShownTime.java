package io.sluice.datanode.statement;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** How SHOW statements print a moment: {@code 2026-11-23T05:02:25.373}, in the session's zone. */
final class ShownTime {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS");

  private ShownTime() {}

  static String of(long epochMs, ZoneId zone) {
    return FORMAT.format(Instant.ofEpochMilli(epochMs).atZone(zone));
  }
}
