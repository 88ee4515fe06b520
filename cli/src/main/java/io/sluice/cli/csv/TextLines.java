package io.sluice.cli.csv;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Cuts text into lines and takes lines back. Confined to one thread. */
final class TextLines {
  private static final int BUFFER_CHARS = 64 * 1024;

  /**
   * One line.
   *
   * @param number from 1
   * @param text without its end; cut off when it is too long
   * @param end the characters that ended it; empty at the end of the file
   */
  record Line(long number, String text, String end, boolean tooLong) {}

  private final Reader in;
  private final int lineCharsMax;
  private final char[] buffer = new char[BUFFER_CHARS];
  private final Deque<Line> takenBack = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();
  private int at;
  private int length;
  private long number;

  TextLines(Reader in, int lineCharsMax) {
    this.in = in;
    this.lineCharsMax = lineCharsMax;
  }

  /** The next line, or null at the end. */
  Line next() throws IOException {
    if (!takenBack.isEmpty()) {
      return takenBack.pop();
    }
    text.setLength(0);
    boolean tooLong = false;
    int c = read();
    if (c < 0) {
      return null;
    }
    number++;
    while (c >= 0 && c != '\n' && c != '\r') {
      if (text.length() < lineCharsMax) {
        text.append((char) c);
      } else {
        tooLong = true;
      }
      c = read();
    }
    return new Line(number, withoutMark(text.toString()), end(c), tooLong);
  }

  /** Gives lines back in the order in which they were taken. */
  void takeBack(List<Line> lines) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      takenBack.push(lines.get(i));
    }
  }

  private String end(int c) throws IOException {
    if (c == '\r') {
      if (peek() == '\n') {
        at++;
        return "\r\n";
      }
      return "\r";
    }
    return c == '\n' ? "\n" : "";
  }

  /** Spread sheets begin their files with a byte order mark. */
  private String withoutMark(String line) {
    return number == 1 && line.startsWith("\ufeff") ? line.substring(1) : line;
  }

  private int read() throws IOException {
    int c = peek();
    if (c >= 0) {
      at++;
    }
    return c;
  }

  private int peek() throws IOException {
    if (at == length) {
      at = 0;
      length = Math.max(0, in.read(buffer));
      if (length == 0) {
        return -1;
      }
    }
    return buffer[at];
  }
}
