package io.sluice.sql;

import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;

/** Turns the first complaint of lexer or parser into a refusal: nothing is read past an error. */
final class FirstErrorStops extends BaseErrorListener {
  @Override
  public void syntaxError(
      Recognizer<?, ?> recognizer,
      Object offendingSymbol,
      int line,
      int column,
      String text,
      RecognitionException cause) {
    throw Refusal.syntax(line, column, Refusal.shown(text));
  }
}
