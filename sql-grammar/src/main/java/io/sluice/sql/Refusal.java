package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.misc.Interval;

/**
 * Carries a {@link SqlException} out of generated code, which declares no checked ones. Never
 * leaves this package.
 */
final class Refusal extends RuntimeException {
  private static final int SHOWN_CHARS_MAX = 200;

  private final transient SqlException meant;

  private Refusal(SqlException meant) {
    super(null, null, false, false);
    this.meant = meant;
  }

  SqlException meant() {
    return meant;
  }

  static Refusal syntax(int line, int column, String text) {
    return new Refusal(SqlException.syntax(line, column, text));
  }

  static Refusal semantic(String text) {
    return new Refusal(SqlException.semantic(text));
  }

  static Refusal inPipe() {
    return semantic("Not support for this sql in pipe.");
  }

  /** For what is known and not offered: {@code text}, or in a pipe's SELECT the pipe's own text. */
  static Refusal notSupported(ParserRuleContext clause, String text) {
    for (ParserRuleContext at = clause; at != null; at = at.getParent()) {
      if (at instanceof SqlGrammar.CreatePipeContext) {
        return inPipe();
      }
    }
    return semantic(text);
  }

  /** What {@code context} was made of, as written, cut to a length fit for a message. */
  static String textOf(ParserRuleContext context) {
    if (context.getStart() == null || context.getStop() == null) {
      return "";
    }
    int from = context.getStart().getStartIndex();
    int to = context.getStop().getStopIndex();
    if (to < from) {
      return "";
    }
    return shown(context.getStart().getInputStream().getText(Interval.of(from, to)));
  }

  static String shown(String text) {
    return text.length() <= SHOWN_CHARS_MAX ? text : text.substring(0, SHOWN_CHARS_MAX) + "...";
  }
}
