package io.sluice.cli.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.util.List;

/** Writes records that a {@link CsvReader} reads back. Confined to one thread. */
public final class CsvWriter implements Closeable {
  private final Writer out;

  public CsvWriter(Writer out) {
    this.out = out;
  }

  /**
   * Writes one record.
   *
   * @param fields null where there is no value
   */
  public void write(List<String> fields) throws IOException {
    for (int i = 0; i < fields.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      if (fields.get(i) != null) {
        writeField(fields.get(i));
      }
    }
    out.write('\n');
  }

  private void writeField(String text) throws IOException {
    if (!needsQuotes(text)) {
      out.write(text);
      return;
    }
    out.write('"');
    out.write(text.replace("\"", "\"\""));
    out.write('"');
  }

  /** Blanks at the ends are quoted for the sake of other readers. */
  private static boolean needsQuotes(String text) {
    if (text.isEmpty() || text.charAt(0) <= ' ' || text.charAt(text.length() - 1) <= ' ') {
      return true;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ',' || c == '"' || c == '\n' || c == '\r' || c == '\ufeff') {
        return true;
      }
    }
    return false;
  }

  /** Hands everything to the file below. */
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
