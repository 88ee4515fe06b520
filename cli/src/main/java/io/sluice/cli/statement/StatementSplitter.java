package io.sluice.cli.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the end of statements in text that comes in pieces. Strings are quoted with ' or ", names
 * with `, each doubled inside itself; comments are {@code -- to the end of the line} and {@code /*
 * … *}{@code /}. Confined to one thread.
 */
public final class StatementSplitter {
  /** What the next character is read as. */
  private enum Mode {
    PLAIN,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    NAME_QUOTED,
    LINE_COMMENT,
    BLOCK_COMMENT
  }

  private final StringBuilder text = new StringBuilder();
  private Mode mode = Mode.PLAIN;

  /** The last character, if it may begin a comment or end one; else 0. */
  private char before;

  private int line = 1;
  private int beginLine = 1;
  private boolean begun;

  /** Reads on; returns the statements that this text completed, in order. */
  public List<Statement> read(CharSequence more) {
    List<Statement> complete = new ArrayList<>();
    for (int i = 0; i < more.length(); i++) {
      char c = more.charAt(i);
      if (mode == Mode.PLAIN && c == ';') {
        take().ifPresent(complete::add);
      } else {
        readInside(c);
      }
      if (c == '\n') {
        line++;
      }
    }
    return complete;
  }

  /** What is left when the input ends without a {@code ;}: the last statement, or nothing. */
  public Optional<Statement> finish() {
    mode = Mode.PLAIN;
    return take();
  }

  /** Whether the text read so far ends inside a quote or a block comment. */
  public boolean isOpen() {
    return mode != Mode.PLAIN && mode != Mode.LINE_COMMENT;
  }

  /** Whether anything but blanks and comments waits for its {@code ;}. */
  public boolean isPending() {
    return begun || isOpen();
  }

  private void readInside(char c) {
    switch (mode) {
      case PLAIN -> readPlain(c);
      case SINGLE_QUOTED -> readQuoted(c, '\'');
      case DOUBLE_QUOTED -> readQuoted(c, '"');
      case NAME_QUOTED -> readQuoted(c, '`');
      case LINE_COMMENT -> {
        append(c == '\n' ? c : ' ', false);
        if (c == '\n') {
          mode = Mode.PLAIN;
        }
      }
      case BLOCK_COMMENT -> {
        append(c == '\n' ? c : ' ', false);
        if (before == '*' && c == '/') {
          mode = Mode.PLAIN;
          before = 0;
        } else {
          before = c;
        }
      }
    }
  }

  private void readPlain(char c) {
    if ((before == '-' && c == '-') || (before == '/' && c == '*')) {
      text.setCharAt(text.length() - 1, ' ');
      append(' ', false);
      mode = c == '-' ? Mode.LINE_COMMENT : Mode.BLOCK_COMMENT;
      before = 0;
      begun = !text.toString().isBlank();
      return;
    }
    before = c == '-' || c == '/' ? c : 0;
    if (c == '\'') {
      mode = Mode.SINGLE_QUOTED;
    } else if (c == '"') {
      mode = Mode.DOUBLE_QUOTED;
    } else if (c == '`') {
      mode = Mode.NAME_QUOTED;
    }
    append(c, !Character.isWhitespace(c));
  }

  private void readQuoted(char c, char quote) {
    append(c, true);
    // A doubled quote closes and opens again at once, which leaves the text as it is.
    if (c == quote) {
      mode = Mode.PLAIN;
    }
  }

  private void append(char c, boolean solid) {
    if (solid && !begun) {
      begun = true;
      beginLine = line;
    }
    text.append(c);
  }

  private Optional<Statement> take() {
    String whole = text.toString().strip();
    text.setLength(0);
    before = 0;
    boolean any = !whole.isEmpty();
    begun = false;
    return any ? Optional.of(new Statement(whole, beginLine)) : Optional.empty();
  }
}
