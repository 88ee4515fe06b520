package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.NoViableAltException;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.Interval;
import org.antlr.v4.runtime.misc.IntervalSet;

/**
 * ANTLR's messages with short lists: where any name may stand, the eighty keywords that are names
 * too are not listed. Texts are taken from the characters, since tokens that were read are gone.
 */
final class TerseErrors extends DefaultErrorStrategy {
  private static final int SHOWN_TOKENS_MAX = 30;

  @Override
  protected void reportNoViableAlternative(Parser parser, NoViableAltException error) {
    Token start = error.getStartToken();
    Token offending = error.getOffendingToken();
    String read = "<EOF>";
    if (start.getType() != Token.EOF) {
      Token last = offending.getType() == Token.EOF ? parser.getInputStream().LT(-1) : offending;
      int to = Math.max(last == null ? 0 : last.getStopIndex(), offending.getStopIndex());
      read =
          start
              .getInputStream()
              .getText(Interval.of(start.getStartIndex(), Math.max(to, start.getStopIndex())));
    }
    parser.notifyErrorListeners(
        offending,
        "no viable alternative at input " + escapeWSAndQuote(Refusal.shown(read.stripTrailing())),
        error);
  }

  @Override
  protected void reportInputMismatch(Parser parser, InputMismatchException error) {
    parser.notifyErrorListeners(
        error.getOffendingToken(),
        "mismatched input "
            + getTokenErrorDisplay(error.getOffendingToken())
            + " expecting "
            + names(error.getExpectedTokens()),
        error);
  }

  @Override
  protected void reportUnwantedToken(Parser parser) {
    if (inErrorRecoveryMode(parser)) {
      return;
    }
    beginErrorCondition(parser);
    Token token = parser.getCurrentToken();
    parser.notifyErrorListeners(
        token,
        "extraneous input "
            + getTokenErrorDisplay(token)
            + " expecting "
            + names(getExpectedTokens(parser)),
        null);
  }

  @Override
  protected void reportMissingToken(Parser parser) {
    if (inErrorRecoveryMode(parser)) {
      return;
    }
    beginErrorCondition(parser);
    Token token = parser.getCurrentToken();
    parser.notifyErrorListeners(
        token,
        "missing " + names(getExpectedTokens(parser)) + " at " + getTokenErrorDisplay(token),
        null);
  }

  @Override
  protected String escapeWSAndQuote(String text) {
    return super.escapeWSAndQuote(Refusal.shown(text));
  }

  private static String names(IntervalSet expected) {
    boolean anyName = expected.contains(SqlGrammar.ID);
    List<String> names = new ArrayList<>();
    for (int type : expected.toList()) {
      String literal = SqlGrammar.VOCABULARY.getLiteralName(type);
      boolean keyword = literal != null && Character.isLetter(literal.charAt(1));
      boolean looksLikeName = type == SqlGrammar.DURATION || type == SqlGrammar.EXPONENT;
      if (anyName && (keyword || looksLikeName)) {
        continue;
      }
      if (names.size() == SHOWN_TOKENS_MAX) {
        names.add("...");
        break;
      }
      names.add(name(type, literal, keyword));
    }
    return names.size() == 1 ? names.get(0) : "{" + String.join(", ", names) + "}";
  }

  private static String name(int type, String literal, boolean keyword) {
    if (type == Token.EOF) {
      return "<EOF>";
    }
    return literal == null || keyword ? SqlGrammar.VOCABULARY.getSymbolicName(type) : literal;
  }
}
