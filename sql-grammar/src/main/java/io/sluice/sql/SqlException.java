package io.sluice.sql;

/** A text that is no statement, or one that cannot be meant. The message is for who wrote it. */
public final class SqlException extends Exception {
  /** The text does not follow the grammar; the message names line and column. */
  public static final int SYNTAX = 700;

  /** The text follows the grammar and asks for what is not possible. */
  public static final int SEMANTIC = 701;

  private final int code;

  private SqlException(int code, String message) {
    super(message);
    this.code = code;
  }

  /** {@link #SYNTAX} or {@link #SEMANTIC}, the client protocol's status codes. */
  public int code() {
    return code;
  }

  static SqlException syntax(int line, int column, String text) {
    return new SqlException(
        SYNTAX,
        "Error occurred while parsing SQL to physical plan: line "
            + line
            + ":"
            + column
            + " "
            + text);
  }

  static SqlException semantic(String message) {
    return new SqlException(SEMANTIC, message);
  }
}
