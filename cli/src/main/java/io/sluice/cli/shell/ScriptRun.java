package io.sluice.cli.shell;

import io.sluice.cli.statement.Statement;
import io.sluice.cli.statement.StatementSplitter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.util.List;

/** Runs the statements of a script, read piece by piece. Confined to one thread. */
public final class ScriptRun {
  private static final int BUFFER_CHARS = 8_192;

  private final StatementRunner runner;
  private final PrintWriter err;
  private final boolean keepGoing;

  /** Null when errors need no place: a single text from the command line. */
  private final String scriptName;

  private boolean failed;

  /**
   * @param keepGoing whether to go on after a statement that failed
   * @param scriptName for messages, or null
   */
  public ScriptRun(StatementRunner runner, PrintWriter err, boolean keepGoing, String scriptName) {
    this.runner = runner;
    this.err = err;
    this.keepGoing = keepGoing;
    this.scriptName = scriptName;
  }

  /**
   * Runs all of it.
   *
   * @return whether every statement succeeded
   */
  public boolean run(Reader script) throws IOException {
    StatementSplitter splitter = new StatementSplitter();
    char[] buffer = new char[BUFFER_CHARS];
    int length = script.read(buffer);
    boolean more = true;
    while (more && length >= 0) {
      more = runAll(splitter.read(new String(buffer, 0, length)));
      length = more ? script.read(buffer) : -1;
    }
    if (more) {
      if (splitter.isOpen()) {
        err.println("Msg: the script ends inside a quote or a comment" + place(null));
        err.flush();
        return false;
      }
      runAll(splitter.finish().stream().toList());
    }
    return !failed;
  }

  /** Returns whether to go on. */
  private boolean runAll(List<Statement> statements) {
    for (Statement statement : statements) {
      Outcome outcome = runner.run(statement.text());
      if (outcome == Outcome.LEAVE) {
        return false;
      }
      if (outcome != Outcome.DONE) {
        failed = true;
        if (scriptName != null) {
          err.println("at" + place(statement));
          err.flush();
        }
        if (outcome == Outcome.LOST || !keepGoing) {
          return false;
        }
      }
    }
    return true;
  }

  private String place(Statement statement) {
    if (scriptName == null) {
      return "";
    }
    return " " + scriptName + (statement == null ? "" : " line " + statement.line());
  }
}
