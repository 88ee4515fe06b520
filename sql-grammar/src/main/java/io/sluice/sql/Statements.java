package io.sluice.sql;

import java.util.ArrayList;
import java.util.List;

/** Splits a script into its statements. Stateless; looks at quotes and comments, not at grammar. */
public final class Statements {
  private Statements() {}

  /**
   * The statements of {@code script} between semicolons that stand outside quotes and comments, in
   * order, stripped, without their semicolons; empty ones are left out. A comment reaches from
   * {@code --} to the end of its line and counts as a blank. A quote that is not closed reaches to
   * the end: parsing that statement says so.
   */
  public static List<String> split(String script) {
    List<String> statements = new ArrayList<>();
    StringBuilder statement = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < script.length(); i++) {
      char c = script.charAt(i);
      if (quote != 0) {
        // A doubled quote ends and begins again, which comes to the same.
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"' || c == '`') {
        quote = c;
      } else if (c == ';') {
        add(statements, statement);
        continue;
      } else if (script.startsWith("--", i)) {
        i = endOfLine(script, i) - 1;
        c = ' ';
      }
      statement.append(c);
    }
    add(statements, statement);
    return statements;
  }

  private static int endOfLine(String script, int from) {
    int end = script.indexOf('\n', from);
    return end < 0 ? script.length() : end;
  }

  private static void add(List<String> statements, StringBuilder statement) {
    String text = statement.toString().strip();
    if (!text.isEmpty()) {
      statements.add(text);
    }
    statement.setLength(0);
  }
}
