package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.grammar.SqlGrammar.ConditionContext;
import io.sluice.sql.grammar.SqlGrammar.ConstantContext;
import io.sluice.sql.grammar.SqlGrammar.ExpressionContext;
import io.sluice.sql.grammar.SqlGrammar.PrimaryContext;
import io.sluice.sql.grammar.SqlGrammar.SelectContext;
import io.sluice.sql.statement.Select;
import java.util.List;

/** A SELECT from its tree; refuses by name what the grammar reads and nothing executes. */
final class SelectBuilder {
  private final Moment moment;
  private boolean descending;
  private long limit;
  private long offset;
  private boolean ordered;
  private boolean limited;
  private boolean shifted;

  SelectBuilder(Moment moment) {
    this.moment = moment;
  }

  Select select(SelectContext select) {
    if (select.LAST() != null) {
      throw Refusal.notSupported(select, "SELECT LAST is not supported");
    }
    List<Select.Column> columns = select.selectColumn().stream().map(this::column).toList();
    if (columns.stream().map(Select.Column::function).distinct().count() > 1) {
      throw Refusal.semantic("Raw data and aggregation hybrid query is not supported.");
    }
    select.selectTail().forEach(this::tail);
    return new Select(
        columns,
        Words.patterns(select.path()),
        new TimeCondition(moment).rangeOrAll(select.condition()),
        descending,
        limit,
        offset);
  }

  private Select.Column column(SqlGrammar.SelectColumnContext column) {
    if (column.AS() != null) {
      throw Refusal.notSupported(
          column, "AS is not supported in SELECT: " + Refusal.textOf(column));
    }
    ExpressionContext expression = Operands.onlyExpression(column.condition());
    PrimaryContext operand = expression == null ? null : Operands.only(expression);
    if (operand instanceof SqlGrammar.PathOperandContext path) {
      return new Select.Column(Select.Function.RAW, Words.suffix(path.suffixPath()));
    }
    if (operand instanceof SqlGrammar.FunctionContext function) {
      return count(function);
    }
    if (operand instanceof SqlGrammar.ConstantOperandContext constant) {
      throw Refusal.notSupported(
          column, "Constant operand is not allowed: " + constantText(constant.constant()));
    }
    if (operand instanceof SqlGrammar.TimeOperandContext) {
      throw Refusal.notSupported(
          column, "Time stands first in every answer and cannot be selected");
    }
    throw Refusal.notSupported(
        column, "Expressions are not supported in SELECT: " + Refusal.textOf(column));
  }

  private String constantText(ConstantContext constant) {
    if (constant.NOW() != null) {
      return Long.toString(moment.nowMs());
    }
    if (constant.DATETIME() != null) {
      return Long.toString(moment.requireDate(constant.getText()));
    }
    return Refusal.textOf(constant);
  }

  private static Select.Column count(SqlGrammar.FunctionContext function) {
    String name = Words.name(function.identifier());
    if (!name.equalsIgnoreCase("count")) {
      throw Refusal.notSupported(
          function, "Function " + Refusal.shown(name) + " is not supported; count is");
    }
    List<ConditionContext> arguments = function.condition();
    if (arguments.size() == 1) {
      ExpressionContext expression = Operands.onlyExpression(arguments.get(0));
      if (expression != null
          && Operands.only(expression) instanceof SqlGrammar.PathOperandContext path) {
        return new Select.Column(Select.Function.COUNT, Words.suffix(path.suffixPath()));
      }
    }
    throw Refusal.notSupported(
        function, "count takes one path, such as count(*): " + Refusal.textOf(function));
  }

  private void tail(SqlGrammar.SelectTailContext tail) {
    if (tail instanceof SqlGrammar.OrderByContext order) {
      ordered = once(ordered, "ORDER BY");
      if (order.TIME() == null || !order.expression().isEmpty()) {
        throw Refusal.notSupported(tail, "Only ORDER BY TIME is supported");
      }
      descending = !order.DESC().isEmpty();
    } else if (tail instanceof SqlGrammar.LimitOrOffsetContext rows && rows.LIMIT() != null) {
      limited = once(limited, "LIMIT");
      limit = limit(rows.INT().getText());
    } else if (tail instanceof SqlGrammar.LimitOrOffsetContext rows) {
      shifted = once(shifted, "OFFSET");
      offset = offset(rows.INT().getText());
    }
  }

  private static boolean once(boolean seen, String clause) {
    if (seen) {
      throw Refusal.semantic(clause + " is given twice");
    }
    return true;
  }

  /** Rows at most; 0 would mean none and is refused, since 0 stands for no limit. */
  static long limit(String digits) {
    long rows = rowCount("LIMIT <N>", digits);
    if (rows == 0) {
      throw Refusal.semantic("LIMIT <N>: N should be greater than 0.");
    }
    return rows;
  }

  static long offset(String digits) {
    return rowCount("OFFSET <OFFSETValue>", digits);
  }

  private static long rowCount(String clause, String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException tooLarge) {
      throw Refusal.semantic("Out of range. " + clause + ": a number of rows is an INT64.");
    }
  }
}
