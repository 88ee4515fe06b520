package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.grammar.SqlGrammar.ComparisonContext;
import io.sluice.sql.grammar.SqlGrammar.ConditionContext;
import io.sluice.sql.grammar.SqlGrammar.ExpressionContext;
import io.sluice.sql.grammar.SqlGrammar.PrimaryContext;

/** Looks through the levels of an expression that stand for precedence only. */
final class Operands {
  private Operands() {}

  /** The one comparison a condition consists of, or null if there is more to it. */
  static ComparisonContext only(ConditionContext condition) {
    boolean single =
        condition.conjunction().size() == 1
            && condition.conjunction(0).negation().size() == 1
            && condition.conjunction(0).negation(0).getChildCount() == 1;
    return single ? condition.conjunction(0).negation(0).comparison() : null;
  }

  /** The one operand an expression consists of, without a sign, or null if there is more to it. */
  static PrimaryContext only(ExpressionContext expression) {
    boolean single =
        expression.term().size() == 1
            && expression.term(0).factor().size() == 1
            && expression.term(0).factor(0).sign().isEmpty();
    return single ? expression.term(0).factor(0).primary() : null;
  }

  /** The one expression a condition consists of, or null if something is asked of it. */
  static ExpressionContext onlyExpression(ConditionContext condition) {
    ComparisonContext comparison = only(condition);
    return comparison != null && comparison.getChildCount() == 1 ? comparison.expression(0) : null;
  }

  static boolean isTime(ExpressionContext expression) {
    return only(expression) instanceof SqlGrammar.TimeOperandContext;
  }
}
