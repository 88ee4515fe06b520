package io.sluice.sql;

import io.sluice.sql.grammar.SqlLexer;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.Token;

/**
 * The generated lexer, refusing parentheses too deep for a parser that enters itself once for each:
 * the thread's stack must not depend on what a client sends.
 */
final class BoundedLexer extends SqlLexer {
  static final int DEPTH_MAX = 200;

  private int depth;

  BoundedLexer(CharStream text) {
    super(text);
    removeErrorListeners();
    addErrorListener(new FirstErrorStops());
  }

  @Override
  public Token nextToken() {
    Token token = super.nextToken();
    if (token.getType() == LPAREN && ++depth > DEPTH_MAX) {
      throw Refusal.syntax(
          token.getLine(),
          token.getCharPositionInLine(),
          "more than " + DEPTH_MAX + " parentheses inside each other");
    }
    if (token.getType() == RPAREN && depth > 0) {
      depth--;
    }
    return token;
  }
}
