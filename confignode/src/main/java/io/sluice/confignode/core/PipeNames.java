package io.sluice.confignode.core;

import io.sluice.common.status.StatusException;
import java.nio.charset.StandardCharsets;

/** What names of pipes and sinks may be. */
final class PipeNames {
  /** In UTF-8: what fits a stored string. */
  private static final int BYTES_MAX = 60_000;

  private static final int SHOWN_CHARS_MAX = 64;

  private PipeNames() {}

  /**
   * @throws StatusException with {@code code}, when it is empty or too long
   */
  static void check(String kind, String name, int code) throws StatusException {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > BYTES_MAX) {
      throw new StatusException(
          code,
          "the name of a " + kind + " has 1 to " + BYTES_MAX + " bytes, this one has " + bytes);
    }
  }

  static String shortened(String text) {
    return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "…";
  }
}
