package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.grammar.SqlGrammar.ComparisonContext;
import io.sluice.sql.grammar.SqlGrammar.ConditionContext;
import io.sluice.sql.grammar.SqlGrammar.ConstantContext;
import io.sluice.sql.grammar.SqlGrammar.ExpressionContext;
import io.sluice.sql.grammar.SqlGrammar.PrimaryContext;
import io.sluice.sql.statement.Literal;
import io.sluice.sql.statement.RowCondition;
import io.sluice.sql.statement.RowCondition.Operand;
import io.sluice.sql.statement.RowCondition.Operator;
import io.sluice.sql.statement.TimeRange;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * The WHERE of a query: conditions on time that are one range become that range, since only its
 * rows are read then; everything else is a condition on the row.
 */
final class RowConditions {
  private final Moment moment;
  private final TimeCondition times;
  private TimeRange range = TimeRange.ALL;
  private final List<RowCondition> rest = new ArrayList<>();

  RowConditions(Moment moment, ConditionContext where) {
    this.moment = moment;
    this.times = new TimeCondition(moment);
    if (where != null) {
      split(where);
    }
  }

  TimeRange times() {
    return range;
  }

  /** What the rows in the range must hold besides; null for nothing. */
  RowCondition rows() {
    return rest.isEmpty() ? null : joined(rest, false);
  }

  private void split(ConditionContext condition) {
    if (condition.conjunction().size() > 1) {
      rest.add(condition(condition, false));
      return;
    }
    for (SqlGrammar.NegationContext part : condition.conjunction(0).negation()) {
      if (part.getChildCount() > 1) {
        rest.add(negation(part, false));
      } else if (grouped(part.comparison()) != null) {
        split(grouped(part.comparison()));
      } else if (isRange(part.comparison())) {
        range = range.intersect(times.range(part.comparison()));
      } else {
        rest.add(comparison(part.comparison(), false));
      }
    }
  }

  private static ConditionContext grouped(ComparisonContext comparison) {
    return comparison.getChildCount() == 1
            && Operands.only(comparison.expression(0)) instanceof SqlGrammar.GroupedContext grouped
        ? grouped.condition()
        : null;
  }

  /** True for what {@link TimeCondition} reads; what is wrong in it is its to say. */
  private static boolean isRange(ComparisonContext comparison) {
    if (comparison.predicate() != null) {
      return comparison.predicate() instanceof SqlGrammar.BetweenContext between
          && between.NOT() == null
          && Operands.isTime(comparison.expression(0));
    }
    return comparison.expression().size() == 2
        && comparison.NE() == null
        && (Operands.isTime(comparison.expression(0)) || Operands.isTime(comparison.expression(1)));
  }

  private RowCondition condition(ConditionContext condition, boolean negated) {
    List<RowCondition> parts = new ArrayList<>();
    for (SqlGrammar.ConjunctionContext conjunction : condition.conjunction()) {
      List<RowCondition> inner = new ArrayList<>();
      conjunction.negation().forEach(part -> inner.add(negation(part, negated)));
      parts.add(joined(inner, negated));
    }
    return joined(parts, !negated);
  }

  private RowCondition negation(SqlGrammar.NegationContext part, boolean negated) {
    boolean odd = (part.getChildCount() - 1) % 2 == 1;
    return comparison(part.comparison(), negated != odd);
  }

  private static RowCondition joined(List<RowCondition> parts, boolean any) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    return any ? new RowCondition.Or(List.copyOf(parts)) : new RowCondition.And(List.copyOf(parts));
  }

  private RowCondition comparison(ComparisonContext comparison, boolean negated) {
    ConditionContext grouped = grouped(comparison);
    if (grouped != null) {
      return condition(grouped, negated);
    }
    if (comparison.predicate() != null) {
      return predicate(comparison, comparison.predicate(), negated);
    }
    if (comparison.expression().size() != 2) {
      throw unsupported(comparison);
    }
    Operator operator = operator(comparison);
    return compare(
        comparison.expression(0),
        negated ? operator.negated() : operator,
        comparison.expression(1),
        comparison);
  }

  private RowCondition predicate(
      ComparisonContext comparison, SqlGrammar.PredicateContext predicate, boolean negated) {
    ExpressionContext left = comparison.expression(0);
    if (predicate instanceof SqlGrammar.IsNullContext isNull) {
      if (operand(left, comparison) instanceof RowCondition.Path path) {
        return new RowCondition.IsNull(path.suffix(), negated != (isNull.NOT() != null));
      }
    } else if (predicate instanceof SqlGrammar.BetweenContext between) {
      boolean outside = negated != (between.NOT() != null);
      Operator from = outside ? Operator.LESS : Operator.GREATER_OR_EQUAL;
      Operator to = outside ? Operator.GREATER : Operator.LESS_OR_EQUAL;
      return joined(
          List.of(
              compare(left, from, between.expression(0), comparison),
              compare(left, to, between.expression(1), comparison)),
          outside);
    } else if (predicate instanceof SqlGrammar.InContext in) {
      boolean outside = negated != (in.NOT() != null);
      Operator each = outside ? Operator.NOT_EQUAL : Operator.EQUAL;
      List<RowCondition> parts = new ArrayList<>();
      in.expression().forEach(one -> parts.add(compare(left, each, one, comparison)));
      return joined(parts, !outside);
    }
    throw unsupported(comparison);
  }

  private RowCondition compare(
      ExpressionContext left,
      Operator operator,
      ExpressionContext right,
      ComparisonContext comparison) {
    return new RowCondition.Compare(
        onTime(right) ? timeOperand(left, comparison) : operand(left, comparison),
        operator,
        onTime(left) ? timeOperand(right, comparison) : operand(right, comparison));
  }

  private static boolean onTime(ExpressionContext expression) {
    return Operands.isTime(expression);
  }

  /** What time is compared with: dates in quotes and sums of durations are time stamps there. */
  private Operand timeOperand(ExpressionContext expression, ComparisonContext comparison) {
    OptionalLong timeMs = times.time(expression);
    return timeMs.isPresent() ? number(timeMs.getAsLong()) : operand(expression, comparison);
  }

  private Operand operand(ExpressionContext expression, ComparisonContext comparison) {
    PrimaryContext only = Operands.only(expression);
    if (only instanceof SqlGrammar.TimeOperandContext) {
      return new RowCondition.Time();
    }
    if (only instanceof SqlGrammar.PathOperandContext path) {
      return new RowCondition.Path(Words.suffix(path.suffixPath()));
    }
    if (only instanceof SqlGrammar.ConstantOperandContext constant) {
      Operand text = notANumber(constant.constant());
      if (text != null) {
        return text;
      }
    }
    Operand decimal = signedNumber(expression);
    if (decimal != null) {
      return decimal;
    }
    OptionalLong timeMs = times.time(expression);
    if (timeMs.isEmpty()) {
      throw unsupported(comparison);
    }
    return number(timeMs.getAsLong());
  }

  private Operand notANumber(ConstantContext constant) {
    if (constant.STRING() != null) {
      return new RowCondition.Constant(new Literal.Text(Words.unquoted(constant.getText())));
    }
    if (constant.TRUE() != null || constant.FALSE() != null) {
      return new RowCondition.Constant(new Literal.Bool(constant.TRUE() != null));
    }
    if (constant.DATETIME() != null) {
      long timeMs = moment.requireDate(constant.getText());
      return new RowCondition.Constant(new Literal.Time(timeMs, constant.getText()));
    }
    return null;
  }

  private static Operand signedNumber(ExpressionContext expression) {
    if (expression.term().size() != 1 || expression.term(0).factor().size() != 1) {
      return null;
    }
    SqlGrammar.FactorContext factor = expression.term(0).factor(0);
    if (!(factor.primary() instanceof SqlGrammar.ConstantOperandContext operand)
        || operand.constant().number() == null) {
      return null;
    }
    long minuses = factor.sign().stream().filter(sign -> sign.MINUS() != null).count();
    SqlGrammar.NumberContext number = operand.constant().number();
    return new RowCondition.Constant(
        new Literal.Number(
            (minuses % 2 == 1 ? "-" : "") + number.getText(),
            number.INT() != null && number.DOT() == null));
  }

  private static Operand number(long value) {
    return new RowCondition.Constant(new Literal.Number(Long.toString(value), true));
  }

  private static Operator operator(ComparisonContext comparison) {
    if (comparison.LT() != null) {
      return Operator.LESS;
    } else if (comparison.LE() != null) {
      return Operator.LESS_OR_EQUAL;
    } else if (comparison.GT() != null) {
      return Operator.GREATER;
    } else if (comparison.GE() != null) {
      return Operator.GREATER_OR_EQUAL;
    }
    return comparison.NE() != null ? Operator.NOT_EQUAL : Operator.EQUAL;
  }

  private static Refusal unsupported(ComparisonContext comparison) {
    return Refusal.notSupported(
        comparison,
        "Only time and single series can be compared in WHERE: " + Refusal.textOf(comparison));
  }
}
