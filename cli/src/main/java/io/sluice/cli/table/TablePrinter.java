package io.sluice.cli.table;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints one table while its rows come: right-aligned cells between borders. The widths are those
 * of the widest cell of the first block of rows; a later block that needs more gets a new border
 * line at its new widths. Confined to one thread.
 */
public final class TablePrinter {
  /** Rows that are held back to be measured. */
  static final int BLOCK_ROWS_MAX = 1_000;

  /** Characters that are held back at most, however few rows they are. */
  static final int BLOCK_CHARS_MAX = 4 * 1024 * 1024;

  private final PrintWriter out;
  private final int[] widths;
  private final List<String> names;
  private final List<String[]> block = new ArrayList<>();
  private long blockChars;
  private long rows;
  private boolean headed;

  /**
   * @param names the columns' names, at least one
   */
  public TablePrinter(List<String> names, PrintWriter out) {
    this.out = out;
    this.names = names.stream().map(CellText::visible).toList();
    this.widths = this.names.stream().mapToInt(CellText::columns).toArray();
  }

  /**
   * Takes the next row.
   *
   * @param cells one text per column; null shows as {@code null}
   */
  public void row(List<String> cells) {
    String[] visible = new String[widths.length];
    for (int i = 0; i < visible.length; i++) {
      visible[i] = cells.get(i) == null ? "null" : CellText.visible(cells.get(i));
      blockChars += visible[i].length();
    }
    block.add(visible);
    if (block.size() >= BLOCK_ROWS_MAX || blockChars >= BLOCK_CHARS_MAX) {
      printBlock();
    }
  }

  /** Prints what is held back and the last border; returns the number of rows. */
  public long end() {
    printBlock();
    out.println(border());
    out.flush();
    return rows;
  }

  private void printBlock() {
    boolean wider = widen();
    if (!headed) {
      out.println(border());
      out.println(line(names.toArray(String[]::new)));
      out.println(border());
      headed = true;
    } else if (wider) {
      out.println(border());
    }
    for (String[] cells : block) {
      out.println(line(cells));
    }
    rows += block.size();
    block.clear();
    blockChars = 0;
  }

  private boolean widen() {
    boolean wider = false;
    for (String[] cells : block) {
      for (int i = 0; i < widths.length; i++) {
        int columns = CellText.columns(cells[i]);
        if (columns > widths[i]) {
          widths[i] = columns;
          wider = true;
        }
      }
    }
    return wider;
  }

  private String border() {
    StringBuilder line = new StringBuilder("+");
    for (int width : widths) {
      line.append("-".repeat(width)).append('+');
    }
    return line.toString();
  }

  private String line(String[] cells) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      line.append(" ".repeat(widths[i] - CellText.columns(cells[i]))).append(cells[i]).append('|');
    }
    return line.toString();
  }
}
