package io.sluice.cli.table;

import org.jline.utils.WCWidth;

/** What a terminal shows of a cell. Stateless. */
final class CellText {
  private CellText() {}

  /**
   * The text with everything that could move the cursor, hide or reorder text written as an escape:
   * control and format characters, line separators, halves of surrogate pairs.
   */
  static String visible(String text) {
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 8);
    text.codePoints().forEach(point -> appendVisible(out, point));
    return out.toString();
  }

  /** Columns that the visible text takes on a terminal: wide characters two, marks none. */
  static int columns(String visible) {
    int columns = 0;
    for (int i = 0; i < visible.length(); ) {
      int point = visible.codePointAt(i);
      columns += point < 0x7f ? 1 : Math.max(0, WCWidth.wcwidth(point));
      i += Character.charCount(point);
    }
    return columns;
  }

  private static void appendVisible(StringBuilder out, int point) {
    switch (point) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        if (isHarmless(point)) {
          out.appendCodePoint(point);
        } else {
          out.append(String.format(point > 0xffff ? "\\U%08x" : "\\u%04x", point));
        }
      }
    }
  }

  private static boolean isHarmless(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
