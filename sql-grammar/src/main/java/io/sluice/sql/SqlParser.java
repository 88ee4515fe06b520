package io.sluice.sql;

import io.sluice.sql.statement.Statement;
import java.time.ZoneId;

/** The grammar's public entry point. Stateless; any number of threads may parse at once. */
public final class SqlParser {
  private SqlParser() {}

  /**
   * Reads one statement; a semicolon after it is allowed.
   *
   * @param zone in which dates without a zone are meant: the session's
   * @param nowMs what {@code now()} is, in milliseconds since the epoch
   * @throws SqlException when the text is not a statement ({@link SqlException#SYNTAX}) or not a
   *     possible one ({@link SqlException#SEMANTIC})
   */
  public static Statement parse(String sql, ZoneId zone, long nowMs) throws SqlException {
    throw SqlException.syntax(1, 0, "no statement is known yet");
  }
}
