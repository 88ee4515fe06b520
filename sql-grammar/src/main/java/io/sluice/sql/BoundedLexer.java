package io.sluice.sql;

import io.sluice.sql.grammar.SqlLexer;
import org.antlr.v4.runtime.CharStream;
import org.antlr.v4.runtime.Token;

/**
 * The generated lexer with limits, since neither the thread's stack nor the heap may depend on what
 * a client sends: the parser enters itself once for each parenthesis, and its tree holds every
 * token except those of rows that were taken out of it.
 */
final class BoundedLexer extends SqlLexer {
  static final int DEPTH_MAX = 64;

  /** Tokens a tree may hold: worth some ten megabytes. Rows of an INSERT count one at a time. */
  static final int TREE_TOKENS_MAX = 1 << 17;

  private int depth;
  private int treeTokens;

  BoundedLexer(CharStream text) {
    super(text);
    removeErrorListeners();
    addErrorListener(new FirstErrorStops());
  }

  @Override
  public Token nextToken() {
    Token token = super.nextToken();
    if (token.getType() == LPAREN && ++depth > DEPTH_MAX) {
      throw refusal(token, "more than " + DEPTH_MAX + " parentheses inside each other");
    }
    if (++treeTokens > TREE_TOKENS_MAX) {
      throw refusal(token, "more than " + TREE_TOKENS_MAX + " words in one statement or row");
    }
    if (token.getType() == RPAREN && depth > 0) {
      depth--;
    }
    return token;
  }

  /** What was read so far has left the tree. */
  void treeIsEmpty() {
    treeTokens = 0;
  }

  private static Refusal refusal(Token token, String text) {
    return Refusal.syntax(token.getLine(), token.getCharPositionInLine(), text);
  }
}
