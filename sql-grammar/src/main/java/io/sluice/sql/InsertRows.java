package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.grammar.SqlGrammar.InsertColumnContext;
import io.sluice.sql.grammar.SqlGrammar.LiteralContext;
import io.sluice.sql.statement.Insert;
import io.sluice.sql.statement.Literal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Rows of an INSERT, taken over one by one while the parser reads. Time may be any of the columns;
 * where there is none, a single row gets the moment of the parse.
 */
final class InsertRows {
  private static final Literal NULL = new Literal.Null();
  private static final Literal TRUE = new Literal.Bool(true);
  private static final Literal FALSE = new Literal.Bool(false);
  private static final int NO_TIME = -1;

  private final Moment moment;
  private final List<String> measurements = new ArrayList<>();
  private final List<Insert.Row> rows = new ArrayList<>();
  private final int timeIndex;

  InsertRows(SqlGrammar.InsertColumnsContext columns, Moment moment) {
    this.moment = moment;
    int time = NO_TIME;
    int at = 0;
    for (InsertColumnContext column : columns.insertColumn()) {
      if (column.identifier() != null && !isTime(column.identifier())) {
        measurements.add(Words.node(column.identifier()));
      } else if (time == NO_TIME) {
        time = at;
      } else {
        throw Refusal.semantic("One row should only have one time value");
      }
      at++;
    }
    if (measurements.isEmpty()) {
      throw Refusal.semantic("InsertStatement should contain at least one measurement");
    }
    timeIndex = time;
  }

  /** Back-quotes do not make the time a measurement. */
  private static boolean isTime(SqlGrammar.IdentifierContext identifier) {
    String name = Words.name(identifier);
    return name.equalsIgnoreCase("time") || name.equalsIgnoreCase("timestamp");
  }

  void add(SqlGrammar.InsertRowContext row) {
    List<LiteralContext> literals = row.literal();
    int columns = measurements.size() + (timeIndex == NO_TIME ? 0 : 1);
    if (literals.size() != columns) {
      int others = columns - measurements.size();
      throw Refusal.semantic(
          "row %d: the measurementList's size %d is not consistent with the valueList's size %d"
              .formatted(
                  rows.size() + 1, measurements.size(), Math.max(0, literals.size() - others)));
    }
    if (timeIndex == NO_TIME && !rows.isEmpty()) {
      throw Refusal.semantic("need timestamps when insert multi rows");
    }
    long timeMs = timeIndex == NO_TIME ? moment.nowMs() : time(literals.get(timeIndex));
    Literal[] values = new Literal[measurements.size()];
    int next = 0;
    for (int i = 0; i < columns; i++) {
      if (i != timeIndex) {
        values[next++] = literal(literals.get(i));
      }
    }
    rows.add(new Insert.Row(timeMs, List.of(values)));
  }

  Insert insert(List<String> device, boolean aligned) {
    return new Insert(device, aligned, List.copyOf(measurements), List.copyOf(rows));
  }

  private long time(LiteralContext context) {
    Literal literal = literal(context);
    if (literal instanceof Literal.Time time) {
      return time.epochMs();
    }
    if (literal instanceof Literal.Number number && number.whole()) {
      return TimeCondition.wholeNumber(number.text());
    }
    if (literal instanceof Literal.Text date) {
      return moment.requireDate(date.value());
    }
    throw Refusal.semantic(
        Refusal.textOf(context) + " is no time stamp: a whole number, a date or now() is");
  }

  private Literal literal(LiteralContext context) {
    if (context instanceof SqlGrammar.NumberLiteralContext number) {
      return number(number);
    }
    if (context instanceof SqlGrammar.StringLiteralContext text) {
      return new Literal.Text(Words.unquoted(text.getText()));
    }
    if (context instanceof SqlGrammar.TimeLiteralContext time) {
      return time(time);
    }
    if (context instanceof SqlGrammar.BlobLiteralContext blob) {
      return blob(blob);
    }
    if (context instanceof SqlGrammar.TrueLiteralContext) {
      return TRUE;
    }
    return context instanceof SqlGrammar.FalseLiteralContext ? FALSE : NULL;
  }

  private static Literal number(SqlGrammar.NumberLiteralContext context) {
    String sign = context.MINUS() == null ? "" : "-";
    if (context.number() == null) {
      return new Literal.Number("NaN", false);
    }
    return new Literal.Number(
        sign + context.number().getText(),
        context.number().INT() != null && context.number().DOT() == null);
  }

  private Literal time(SqlGrammar.TimeLiteralContext context) {
    long start =
        context.DATETIME() == null
            ? moment.nowMs()
            : moment.requireDate(context.DATETIME().getText());
    return new Literal.Time(
        moment.shift(start, context.sign(), context.DURATION()), Refusal.textOf(context));
  }

  private static Literal blob(SqlGrammar.BlobLiteralContext context) {
    String text = context.getText();
    String digits = text.substring(2, text.length() - 1);
    if (digits.length() % 2 != 0) {
      throw Refusal.semantic(Refusal.shown(text) + " has an odd number of digits: a byte has two");
    }
    return new Literal.Blob(HexFormat.of().parseHex(digits));
  }
}
