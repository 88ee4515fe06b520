package io.sluice.cli.shell;

import io.sluice.cli.statement.StatementSplitter;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/**
 * Tells the line editor when Enter ends the input: after a {@code ;}, after an empty line, and at
 * once for the words that are no statement. Stateless.
 */
final class StatementLines implements Parser {
  @Override
  public ParsedLine parse(String text, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && !isWhole(text)) {
      throw new EOFError(-1, cursor, "the statement goes on");
    }
    return new WholeLine(text, cursor);
  }

  /** Whether Enter after this text ends the input. */
  static boolean isWhole(String text) {
    StatementSplitter splitter = new StatementSplitter();
    splitter.read(text);
    if (!splitter.isPending() || OwnCommand.of(text.strip()).isPresent()) {
      return true;
    }
    int lastLine = text.lastIndexOf('\n');
    return !splitter.isOpen() && lastLine >= 0 && text.substring(lastLine).isBlank();
  }

  @Override
  public boolean isEscapeChar(char ch) {
    return false;
  }

  /** The text as one word: there is no completion. */
  private record WholeLine(String line, int cursor) implements CompletingParsedLine {
    @Override
    public String word() {
      return line;
    }

    @Override
    public int wordCursor() {
      return cursor;
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(line);
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return cursor;
    }

    @Override
    public int rawWordLength() {
      return line.length();
    }
  }
}
