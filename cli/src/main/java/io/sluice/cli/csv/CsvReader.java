package io.sluice.cli.csv;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads records (RFC 4180, lenient about line ends). A quote opens a field only as its first
 * character; elsewhere it is a character like any other. Confined to one thread.
 */
public final class CsvReader implements Closeable {
  /** The longest record, in characters. */
  public static final int RECORD_CHARS_MAX = 1024 * 1024;

  /** The most lines that one record may span. */
  public static final int RECORD_LINES_MAX = 1_000;

  /** What a decoder puts where bytes are no characters. */
  private static final char NOT_DECODED = '\ufffd';

  private enum State {
    FIELD_START,
    PLAIN,
    QUOTED,
    QUOTE_IN_QUOTED
  }

  private final Reader in;
  private final TextLines lines;
  private final char separator;

  private State state;
  private List<CsvField> fields;
  private final StringBuilder field = new StringBuilder();

  /**
   * @param separator between fields, usually a comma
   */
  public CsvReader(Reader in, char separator) {
    this.in = in;
    this.separator = separator;
    this.lines = new TextLines(in, RECORD_CHARS_MAX);
  }

  /**
   * The next record; lines with nothing on them are passed over.
   *
   * @return null at the end
   */
  public CsvRecord next() throws IOException {
    TextLines.Line first = lines.next();
    while (first != null && first.text().isBlank() && !first.tooLong()) {
      first = lines.next();
    }
    return first == null ? null : recordFrom(first);
  }

  private CsvRecord recordFrom(TextLines.Line first) throws IOException {
    state = State.FIELD_START;
    fields = new ArrayList<>();
    field.setLength(0);
    List<TextLines.Line> others = new ArrayList<>();
    TextLines.Line line = first;
    int chars = 0;
    while (true) {
      String reason = fault(line);
      chars += line.text().length() + line.end().length();
      if (reason == null && chars > RECORD_CHARS_MAX) {
        reason = "a record longer than " + RECORD_CHARS_MAX + " characters";
      }
      if (reason == null) {
        reason = readLine(line);
      }
      if (reason == null && state != State.QUOTED) {
        endField();
        return new CsvRecord.Fields(first.number(), fields);
      }
      if (reason == null) {
        TextLines.Line next = others.size() + 1 < RECORD_LINES_MAX ? lines.next() : null;
        if (next == null) {
          reason = "a quote that is never closed";
        } else {
          others.add(next);
          line = next;
          continue;
        }
      }
      // The first line alone is to blame, or one stray quote would cost all lines after it.
      lines.takeBack(others);
      return new CsvRecord.Bad(first.number(), reason);
    }
  }

  private static String fault(TextLines.Line line) {
    if (line.tooLong()) {
      return "a line longer than " + RECORD_CHARS_MAX + " characters";
    }
    return line.text().indexOf(NOT_DECODED) >= 0 ? "bytes that are not UTF-8" : null;
  }

  /** Reads one line into the record; returns why it is none, or null. */
  private String readLine(TextLines.Line line) {
    String text = line.text();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (state) {
        case FIELD_START -> {
          if (c == '"') {
            state = State.QUOTED;
          } else if (c == separator) {
            endField();
          } else {
            field.append(c);
            state = State.PLAIN;
          }
        }
        case PLAIN -> {
          if (c == separator) {
            endField();
          } else {
            field.append(c);
          }
        }
        case QUOTED -> {
          if (c == '"') {
            state = State.QUOTE_IN_QUOTED;
          } else {
            field.append(c);
          }
        }
        case QUOTE_IN_QUOTED -> {
          if (c == '"') {
            field.append('"');
            state = State.QUOTED;
          } else if (c == separator) {
            endField();
          } else if (c != ' ' && c != '\t') {
            return "text after a closing quote";
          }
        }
      }
    }
    if (state == State.QUOTED) {
      field.append(line.end());
    }
    return null;
  }

  private void endField() {
    fields.add(new CsvField(field.toString(), state == State.QUOTE_IN_QUOTED));
    field.setLength(0);
    state = State.FIELD_START;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
