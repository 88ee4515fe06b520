package io.sluice.cli;

import io.sluice.cli.dump.BadColumnsException;
import io.sluice.cli.dump.CsvExport;
import io.sluice.cli.dump.ExportLayout;
import io.sluice.cli.server.Answer;
import io.sluice.cli.server.RefusedException;
import io.sluice.cli.server.ResultRows;
import io.sluice.cli.server.ServerAddress;
import io.sluice.cli.server.ServerConnection;
import io.sluice.cli.server.UnreachableException;
import io.sluice.cli.statement.Statement;
import io.sluice.cli.statement.StatementSplitter;
import io.sluice.cli.value.TimeText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code export}: a query's rows as a CSV file. */
@Command(
    name = "export",
    separator = " ",
    sortOptions = false,
    description = {
      "Write the rows of a query to a CSV file, with the types in the header.",
      "The import takes the file back without another option."
    })
final class ExportCommand implements Callable<Integer> {
  @ParentCommand private Cli cli;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "QUERY", description = "One statement that gives rows.")
  private String query;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "The file to make; one that is there is replaced when the new one is whole.")
  private Path target;

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      defaultValue = "time",
      description = "time: one column per series (default); device: one line per time and device.")
  private ExportLayout layout;

  @Override
  public Integer call() {
    ServerAddress address = cli.address();
    String statement = statement();
    try (ServerConnection connection = ServerConnection.open(address)) {
      Answer answer = connection.execute(statement, address.zone());
      if (!(answer instanceof Answer.Rows withRows)) {
        return failed("the statement was executed, but it gives no rows to export");
      }
      try (ResultRows rows = withRows.rows()) {
        TimeText times = new TimeText(address.zone(), connection.precision());
        long lines = new CsvExport(target, layout, times).run(rows);
        cli.console().out().println("Exported " + lines + " lines to " + target + ".");
        return ExitStatus.OK;
      }
    } catch (BadColumnsException | RefusedException | UnreachableException e) {
      return failed(e.getMessage());
    } catch (IOException e) {
      return failed("cannot write " + target + ": " + e);
    }
  }

  private String statement() {
    StatementSplitter splitter = new StatementSplitter();
    List<Statement> statements = new ArrayList<>(splitter.read(query));
    splitter.finish().ifPresent(statements::add);
    if (statements.size() != 1) {
      throw new ParameterException(spec.commandLine(), "exactly one statement can be exported");
    }
    return statements.get(0).text();
  }

  private int failed(String text) {
    cli.console().err().println("Msg: " + text);
    return ExitStatus.FAILED;
  }
}
