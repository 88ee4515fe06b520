package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.statement.Statement;
import java.time.ZoneId;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.UnbufferedTokenStream;
import org.antlr.v4.runtime.atn.PredictionMode;

/** The grammar's public entry point. Stateless; any number of threads may parse at once. */
public final class SqlParser {
  /** The longest statement read, in UTF-16 units; longer ones are refused before they are read. */
  public static final int STATEMENT_CHARS_MAX = 16 << 20;

  private SqlParser() {}

  /**
   * Reads one statement; semicolons after it are allowed.
   *
   * @param zone in which dates without a zone are meant: the session's
   * @param nowMs what {@code now()} is, in milliseconds since the epoch
   * @throws SqlException when the text is not a statement ({@link SqlException#SYNTAX}) or not a
   *     possible one ({@link SqlException#SEMANTIC})
   */
  public static Statement parse(String sql, ZoneId zone, long nowMs) throws SqlException {
    if (sql.length() > STATEMENT_CHARS_MAX) {
      throw SqlException.syntax(
          1, 0, "a statement has at most " + STATEMENT_CHARS_MAX + " characters");
    }
    Moment moment = new Moment(zone, nowMs);
    try {
      return parse(sql, moment, PredictionMode.SLL);
    } catch (Refusal refusal) {
      return parseExactly(sql, moment);
    }
  }

  /**
   * SLL is fast and may refuse what LL accepts, never the other way round: LL has the last word.
   */
  private static Statement parseExactly(String sql, Moment moment) throws SqlException {
    try {
      return parse(sql, moment, PredictionMode.LL);
    } catch (Refusal refusal) {
      throw refusal.meant();
    }
  }

  private static Statement parse(String sql, Moment moment, PredictionMode mode) {
    BoundedLexer lexer = new BoundedLexer(CharStreams.fromString(sql));
    SqlGrammar grammar = new SqlGrammar(new UnbufferedTokenStream<>(lexer));
    grammar.removeErrorListeners();
    grammar.addErrorListener(new FirstErrorStops());
    grammar.setErrorHandler(new TerseErrors());
    grammar.getInterpreter().setPredictionMode(mode);
    ReadAlong readAlong = new ReadAlong(moment, lexer);
    grammar.addParseListener(readAlong);
    SqlGrammar.SingleStatementContext tree = grammar.singleStatement();
    return new StatementBuilder(moment, readAlong.rows()).visit(tree);
  }
}
