package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.grammar.SqlGrammar.ComparisonContext;
import io.sluice.sql.grammar.SqlGrammar.ExpressionContext;
import io.sluice.sql.grammar.SqlGrammar.SelectContext;
import io.sluice.sql.statement.PipeStatement;
import java.util.OptionalLong;

/**
 * CREATE PIPE from its tree. Its SELECT has one form, {@code select ** from root [where time >=
 * start]}; every other query, right as it may be elsewhere, is refused with one text.
 */
final class PipeBuilder {
  private static final long ALL_OF_TIME_MS = 0;

  private final Moment moment;

  PipeBuilder(Moment moment) {
    this.moment = moment;
  }

  PipeStatement.Create create(SqlGrammar.CreatePipeContext context) {
    return new PipeStatement.Create(
        Words.name(context.name),
        Words.name(context.sink),
        context.select() == null ? ALL_OF_TIME_MS : startTimeMs(context.select()),
        Words.attributes(context.attribute()));
  }

  static String nameOrNull(SqlGrammar.IdentifierContext identifier) {
    return identifier == null ? null : Words.name(identifier);
  }

  private long startTimeMs(SelectContext select) {
    boolean everything =
        select.LAST() == null
            && select.selectTail().isEmpty()
            && select.selectColumn().size() == 1
            && select.selectColumn(0).getText().equals("**")
            && select.path().size() == 1
            && select.path(0).node().isEmpty();
    if (!everything) {
      throw Refusal.inPipe();
    }
    if (select.condition() == null) {
      return ALL_OF_TIME_MS;
    }
    return start(Operands.only(select.condition())).orElseThrow(Refusal::inPipe);
  }

  private OptionalLong start(ComparisonContext comparison) {
    if (comparison == null || comparison.expression().size() != 2) {
      return OptionalLong.empty();
    }
    ExpressionContext left = comparison.expression(0);
    ExpressionContext right = comparison.expression(1);
    TimeCondition times = new TimeCondition(moment);
    if (comparison.GE() != null && Operands.isTime(left)) {
      return times.time(right);
    }
    if (comparison.LE() != null && Operands.isTime(right)) {
      return times.time(left);
    }
    return OptionalLong.empty();
  }
}
