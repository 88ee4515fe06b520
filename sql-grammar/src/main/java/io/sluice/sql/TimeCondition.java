package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.grammar.SqlGrammar.ComparisonContext;
import io.sluice.sql.grammar.SqlGrammar.ConditionContext;
import io.sluice.sql.grammar.SqlGrammar.ConstantContext;
import io.sluice.sql.grammar.SqlGrammar.ExpressionContext;
import io.sluice.sql.grammar.SqlGrammar.FactorContext;
import io.sluice.sql.grammar.SqlGrammar.PrimaryContext;
import io.sluice.sql.grammar.SqlGrammar.SignContext;
import io.sluice.sql.grammar.SqlGrammar.TermContext;
import io.sluice.sql.statement.TimeRange;
import java.util.List;
import java.util.OptionalLong;
import org.antlr.v4.runtime.ParserRuleContext;

/**
 * What a WHERE on time comes down to: one range. Conditions joined by AND; anything else (values,
 * OR, NOT, !=, IN) is refused by name, since it is no range.
 */
final class TimeCondition {
  private final Moment moment;

  TimeCondition(Moment moment) {
    this.moment = moment;
  }

  TimeRange rangeOrAll(ConditionContext condition) {
    return condition == null ? TimeRange.ALL : range(condition);
  }

  private TimeRange range(ConditionContext condition) {
    if (condition.conjunction().size() > 1) {
      throw unsupported("OR between conditions", condition);
    }
    TimeRange range = TimeRange.ALL;
    for (SqlGrammar.NegationContext part : condition.conjunction(0).negation()) {
      if (part.getChildCount() > 1) {
        throw unsupported("NOT", condition);
      }
      range = range.intersect(range(part.comparison()));
    }
    return range;
  }

  TimeRange range(ComparisonContext comparison) {
    if (comparison.predicate() != null) {
      return between(comparison);
    }
    if (comparison.expression().size() == 2) {
      return compared(comparison);
    }
    PrimaryContext only = Operands.only(comparison.expression(0));
    if (only instanceof SqlGrammar.GroupedContext grouped) {
      return range(grouped.condition());
    }
    throw notOnTime(comparison);
  }

  private TimeRange between(ComparisonContext comparison) {
    if (!(comparison.predicate() instanceof SqlGrammar.BetweenContext between)
        || between.NOT() != null
        || !Operands.isTime(comparison.expression(0))) {
      throw notOnTime(comparison);
    }
    return new TimeRange(
        requireTime(between.expression(0), comparison),
        requireTime(between.expression(1), comparison));
  }

  private TimeRange compared(ComparisonContext comparison) {
    boolean timeFirst = Operands.isTime(comparison.expression(0));
    if (!timeFirst && !Operands.isTime(comparison.expression(1))) {
      throw notOnTime(comparison);
    }
    long value = requireTime(comparison.expression(timeFirst ? 1 : 0), comparison);
    if (comparison.EQ() != null || comparison.EQEQ() != null) {
      return new TimeRange(value, value);
    }
    if (comparison.NE() != null) {
      throw unsupported("!= on time", comparison);
    }
    boolean less = comparison.LT() != null || comparison.LE() != null;
    boolean included = comparison.LE() != null || comparison.GE() != null;
    // 5 < time reads as time > 5.
    return less == timeFirst ? upTo(value, included) : from(value, included);
  }

  private static TimeRange from(long value, boolean included) {
    if (included) {
      return new TimeRange(value, Long.MAX_VALUE);
    }
    return value == Long.MAX_VALUE ? TimeRange.NONE : new TimeRange(value + 1, Long.MAX_VALUE);
  }

  private static TimeRange upTo(long value, boolean included) {
    if (included) {
      return new TimeRange(Long.MIN_VALUE, value);
    }
    return value == Long.MIN_VALUE ? TimeRange.NONE : new TimeRange(Long.MIN_VALUE, value - 1);
  }

  private long requireTime(ExpressionContext expression, ComparisonContext comparison) {
    return time(expression).orElseThrow(() -> notOnTime(comparison));
  }

  /**
   * The moment an expression of constants names: a number, a date quoted or not, {@code now()}, and
   * durations or numbers added to it. Empty when it names none.
   */
  OptionalLong time(ExpressionContext expression) {
    OptionalLong start = start(expression.term(0));
    if (start.isEmpty()) {
      return start;
    }
    long time = start.getAsLong();
    // Looked up once: by index, each look-up walks the whole list.
    List<TermContext> terms = expression.term();
    List<SignContext> signs = expression.sign();
    for (int i = 1; i < terms.size(); i++) {
      ConstantContext step = plainConstant(terms.get(i));
      boolean back = signs.get(i - 1).MINUS() != null;
      if (step == null) {
        return OptionalLong.empty();
      } else if (step.DURATION() != null) {
        time = moment.shift(time, back, step.getText());
      } else if (step.number() != null && step.number().INT() != null) {
        time = moment.shift(time, back, step.getText() + "ms");
      } else {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(time);
  }

  private OptionalLong start(TermContext term) {
    ConstantContext constant = constant(term);
    if (constant == null) {
      return OptionalLong.empty();
    }
    List<SignContext> signs = term.factor(0).sign();
    if (constant.number() != null && constant.number().INT() != null) {
      long minuses = signs.stream().filter(sign -> sign.MINUS() != null).count();
      return OptionalLong.of(wholeNumber((minuses % 2 == 1 ? "-" : "") + constant.getText()));
    }
    if (!signs.isEmpty()) {
      return OptionalLong.empty();
    }
    if (constant.NOW() != null) {
      return OptionalLong.of(moment.nowMs());
    }
    if (constant.DATETIME() != null) {
      return OptionalLong.of(moment.requireDate(constant.getText()));
    }
    return constant.STRING() != null
        ? moment.date(Words.unquoted(constant.getText()))
        : OptionalLong.empty();
  }

  static long wholeNumber(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException tooLarge) {
      throw Refusal.semantic("Timestamp " + Refusal.shown(text) + " is out of range of INT64");
    }
  }

  private static ConstantContext plainConstant(TermContext term) {
    return term.factor(0).sign().isEmpty() ? constant(term) : null;
  }

  private static ConstantContext constant(TermContext term) {
    FactorContext factor = term.factor(0);
    return term.factor().size() == 1
            && factor.primary() instanceof SqlGrammar.ConstantOperandContext operand
        ? operand.constant()
        : null;
  }

  private static Refusal notOnTime(ComparisonContext comparison) {
    return Refusal.notSupported(
        comparison,
        "Only comparisons of time with a moment can stand in WHERE: " + Refusal.textOf(comparison));
  }

  private static Refusal unsupported(String what, ParserRuleContext condition) {
    return Refusal.notSupported(
        condition, what + " is not supported in WHERE: " + Refusal.textOf(condition));
  }
}
