package io.sluice.cli.shell;

import io.sluice.cli.statement.Statement;
import io.sluice.cli.statement.StatementSplitter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Terminal;

/** The prompt: reads, runs, prints, until the person leaves. Confined to one thread. */
public final class InteractiveShell {
  static final String PROMPT = "IoTDB> ";

  /** As wide as the prompt, so that a statement's lines stand below each other. */
  static final String PROMPT_MORE = "    -> ";

  private static final int HISTORY_LINES_MAX = 2_000;

  /** What says a password is not kept. */
  private static final Pattern SECRET =
      Pattern.compile("password|create\\s+user", Pattern.CASE_INSENSITIVE);

  private final Terminal terminal;
  private final LineReader reader;
  private final StatementRunner runner;

  /**
   * @param historyFile where typed statements are kept between runs
   */
  public InteractiveShell(Terminal terminal, Path historyFile, StatementRunner runner) {
    this.terminal = terminal;
    this.runner = runner;
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("sluice")
            .parser(new StatementLines())
            .history(
                new DefaultHistory() {
                  @Override
                  public void add(Instant time, String line) {
                    if (!SECRET.matcher(line).find()) {
                      super.add(time, line);
                    }
                  }
                })
            .variable(LineReader.HISTORY_FILE, historyFile)
            .variable(LineReader.HISTORY_SIZE, HISTORY_LINES_MAX)
            .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES_MAX)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, PROMPT_MORE)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    terminal.handle(Terminal.Signal.INT, signal -> runner.interrupt());
  }

  /** Goes on until the person leaves; errors were printed and are no reason to end. */
  public void run() {
    PrintWriter out = terminal.writer();
    while (true) {
      String text;
      try {
        text = reader.readLine(PROMPT);
      } catch (UserInterruptException e) {
        // Ctrl-C throws away what was typed, as in other shells.
        continue;
      } catch (EndOfFileException e) {
        out.println();
        out.flush();
        return;
      }
      for (Statement statement : statements(text)) {
        if (runner.run(statement.text()) == Outcome.LEAVE) {
          return;
        }
      }
    }
  }

  private static List<Statement> statements(String text) {
    StatementSplitter splitter = new StatementSplitter();
    List<Statement> statements = new ArrayList<>(splitter.read(text));
    splitter.finish().ifPresent(statements::add);
    return statements;
  }
}
