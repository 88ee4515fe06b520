package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.grammar.SqlGrammar.ConditionContext;
import io.sluice.sql.grammar.SqlGrammar.ConstantContext;
import io.sluice.sql.grammar.SqlGrammar.ExpressionContext;
import io.sluice.sql.grammar.SqlGrammar.PrimaryContext;
import io.sluice.sql.grammar.SqlGrammar.SelectContext;
import io.sluice.sql.statement.Select;
import java.util.List;
import java.util.Locale;

/** A SELECT from its tree; refuses by name what the grammar reads and nothing executes. */
final class SelectBuilder {
  private final Moment moment;
  private boolean descending;
  private long limit;
  private long offset;
  private boolean ordered;
  private boolean limited;
  private boolean shifted;
  private boolean byDevice;
  private long seriesLimit;
  private long seriesOffset;
  private boolean seriesLimited;
  private boolean seriesShifted;

  SelectBuilder(Moment moment) {
    this.moment = moment;
  }

  Select select(SelectContext select) {
    boolean last = select.LAST() != null;
    List<Select.Column> columns = select.selectColumn().stream().map(this::column).toList();
    long raw = columns.stream().filter(one -> one.function() == Select.Function.RAW).count();
    if (raw > 0 && raw < columns.size()) {
      throw Refusal.semantic("Raw data and aggregation hybrid query is not supported.");
    }
    if (last && raw == 0) {
      throw Refusal.semantic("SELECT LAST takes paths, no functions");
    }
    select.selectTail().forEach(clause -> tail(clause, last));
    RowConditions where = new RowConditions(moment, select.condition());
    if (last && where.rows() != null) {
      throw Refusal.notSupported(select, "Only conditions on time can stand in a LAST query");
    }
    if (byDevice) {
      checkByDevice(select, last || raw == 0, columns);
    }
    return new Select(
        last,
        byDevice,
        columns,
        Words.patterns(select.path()),
        where.times(),
        where.rows(),
        descending,
        limit,
        offset,
        seriesLimit,
        seriesOffset);
  }

  private void checkByDevice(SelectContext select, boolean notRaw, List<Select.Column> columns) {
    if (notRaw || ordered) {
      throw Refusal.notSupported(
          select, "ALIGN BY DEVICE is supported for plain series only, without LAST and ORDER BY");
    }
    if (columns.stream().anyMatch(column -> column.suffix().size() > 1)) {
      throw Refusal.semantic(
          "ALIGN BY DEVICE: the paths of the SELECT clause can only be measurements or wildcards");
    }
  }

  private Select.Column column(SqlGrammar.SelectColumnContext column) {
    String alias = column.AS() == null ? null : Words.name(column.identifier());
    ExpressionContext expression = Operands.onlyExpression(column.condition());
    PrimaryContext operand = expression == null ? null : Operands.only(expression);
    if (operand instanceof SqlGrammar.PathOperandContext path) {
      return new Select.Column(Select.Function.RAW, Words.suffix(path.suffixPath()), alias);
    }
    if (operand instanceof SqlGrammar.FunctionContext function) {
      return aggregate(function, alias);
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

  private static Select.Column aggregate(SqlGrammar.FunctionContext context, String alias) {
    Select.Function function = function(context);
    List<ConditionContext> arguments = context.condition();
    if (arguments.size() == 1) {
      ExpressionContext expression = Operands.onlyExpression(arguments.get(0));
      if (expression != null
          && Operands.only(expression) instanceof SqlGrammar.PathOperandContext path) {
        return new Select.Column(function, Words.suffix(path.suffixPath()), alias);
      }
    }
    throw Refusal.notSupported(
        context, "A function takes one path, such as count(*): " + Refusal.textOf(context));
  }

  private static Select.Function function(SqlGrammar.FunctionContext context) {
    String name = Words.name(context.identifier());
    for (Select.Function function : Select.Function.values()) {
      if (function != Select.Function.RAW && function.name().equalsIgnoreCase(name)) {
        return function;
      }
    }
    throw Refusal.notSupported(
        context,
        "Function "
            + Refusal.shown(name)
            + " is not supported; count, sum, avg, min_time, max_time, min_value, max_value,"
            + " first_value and last_value are");
  }

  private void tail(SqlGrammar.SelectTailContext tail, boolean last) {
    if (tail instanceof SqlGrammar.OrderByContext order) {
      ordered = once(ordered, "ORDER BY");
      boolean byTime = order.TIME() != null && order.expression().isEmpty();
      if (last ? !byTimeseries(order) : !byTime) {
        throw Refusal.notSupported(
            tail, last ? "LAST is ordered BY TIMESERIES only" : "Only ORDER BY TIME is supported");
      }
      descending = !order.DESC().isEmpty();
    } else if (tail instanceof SqlGrammar.LimitOrOffsetContext rows) {
      rows(rows);
    } else if (tail instanceof SqlGrammar.AlignByDeviceContext align) {
      if (!align.ID().getText().equalsIgnoreCase("device")) {
        throw Refusal.notSupported(tail, Refusal.textOf(tail) + " is not supported in SELECT");
      }
      byDevice = once(byDevice, "ALIGN BY");
    }
  }

  private static boolean byTimeseries(SqlGrammar.OrderByContext order) {
    return order.TIME() == null
        && order.expression().size() == 1
        && order.expression(0).getText().toLowerCase(Locale.ROOT).equals("timeseries");
  }

  private void rows(SqlGrammar.LimitOrOffsetContext clause) {
    String digits = clause.INT().getText();
    if (clause.LIMIT() != null) {
      limited = once(limited, "LIMIT");
      limit = limit(digits);
    } else if (clause.OFFSET() != null) {
      shifted = once(shifted, "OFFSET");
      offset = offset(digits);
    } else if (clause.SLIMIT() != null) {
      seriesLimited = once(seriesLimited, "SLIMIT");
      seriesLimit = rowCount("SLIMIT <SN>", digits);
      if (seriesLimit == 0) {
        throw Refusal.semantic("SLIMIT <SN>: SN should be greater than 0.");
      }
    } else {
      seriesShifted = once(seriesShifted, "SOFFSET");
      seriesOffset = rowCount("SOFFSET <SOFFSETValue>", digits);
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
