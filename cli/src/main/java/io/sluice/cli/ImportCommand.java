package io.sluice.cli;

import io.sluice.cli.load.BadLayoutException;
import io.sluice.cli.load.CsvImport;
import io.sluice.cli.load.ImportOptions;
import io.sluice.cli.load.ImportResult;
import io.sluice.cli.load.ImportStoppedException;
import io.sluice.cli.server.RefusedException;
import io.sluice.cli.server.ServerAddress;
import io.sluice.cli.server.ServerCatalog;
import io.sluice.cli.server.ServerConnection;
import io.sluice.cli.server.SessionTablets;
import io.sluice.cli.server.UnreachableException;
import io.sluice.cli.time.ElapsedClock;
import io.sluice.cli.value.BadValueException;
import io.sluice.cli.value.TimeText;
import io.sluice.cli.value.ValueText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.tsfile.enums.TSDataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code import}: a CSV file into series. */
@Command(
    name = "import",
    separator = " ",
    sortOptions = false,
    description = {
      "Import a CSV file. Its lines hold a time and values (timestamp,value,...), with or without"
          + " a header; or Time,root.db.device.s1,...; or Time,Device,s1,... .",
      "Bad lines are reported with their number and left out; the exit status then is 1."
    })
final class ImportCommand implements Callable<Integer> {
  private static final int BATCH_ROWS_MAX = 100_000;

  @ParentCommand private Cli cli;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The file, in UTF-8.")
  private Path file;

  @Option(
      names = "--into",
      paramLabel = "DEVICE",
      description = "Device of a file that names none, such as root.db.device.")
  private String into;

  @Option(
      names = "--zone",
      paramLabel = "ZONE",
      defaultValue = "Z",
      description = "Zone of times without one (default: UTC).")
  private String zone;

  @Option(names = "--aligned", description = "Make new devices aligned.")
  private boolean aligned;

  @Option(
      names = "--type",
      paramLabel = "COLUMN=TYPE",
      description = "Type of a column; otherwise its values decide. May be repeated.")
  private Map<String, String> types = new LinkedHashMap<>();

  @Option(
      names = "--null",
      paramLabel = "TEXT",
      description = "A text that stands for no value, besides the empty one.")
  private String nullText;

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      defaultValue = ",",
      description = "Between fields (default: a comma).")
  private char separator;

  @Option(
      names = "--batch",
      paramLabel = "ROWS",
      defaultValue = "1000",
      description = "Rows sent together (default: 1000).")
  private int batchRows;

  @Override
  public Integer call() throws IOException {
    ImportOptions options = options();
    PrintWriter err = cli.console().err();
    if (!Files.isRegularFile(file)) {
      err.println("Msg: no such file: " + file);
      return ExitStatus.FAILED;
    }
    ElapsedClock clock = ElapsedClock.SYSTEM;
    long beginMs = clock.nowMs();
    ImportProgress progress =
        new ImportProgress(
            err,
            cli.console().liveErrors(),
            file.getFileName().toString(),
            Files.size(file),
            clock);
    try {
      ImportResult result = run(options, progress);
      progress.end();
      print(result, clock.nowMs() - beginMs);
      return ExitStatus.of(result.badLines() == 0);
    } catch (BadLayoutException | RefusedException | UnreachableException e) {
      return failed(progress, e);
    } catch (ImportStoppedException e) {
      failed(progress, e);
      err.println("The import stopped there; rows of earlier lines are in.");
      return ExitStatus.FAILED;
    }
  }

  private ImportResult run(ImportOptions options, ImportProgress progress)
      throws IOException,
          BadLayoutException,
          ImportStoppedException,
          RefusedException,
          UnreachableException {
    ServerAddress address = cli.address();
    try (ServerConnection connection = ServerConnection.open(address);
        SessionTablets tablets = SessionTablets.open(address)) {
      TimeText times = new TimeText(options.times().zone(), connection.precision());
      ImportOptions atItsPrecision = options.withTimes(times);
      return new CsvImport(file, atItsPrecision, new ServerCatalog(connection), tablets, progress)
          .run();
    }
  }

  private ImportOptions options() {
    if (batchRows < 1 || batchRows > BATCH_ROWS_MAX) {
      throw new ParameterException(
          spec.commandLine(), "--batch must be 1 to " + BATCH_ROWS_MAX + ", not " + batchRows);
    }
    Map<String, TSDataType> columnTypes = new LinkedHashMap<>();
    for (Map.Entry<String, String> type : types.entrySet()) {
      try {
        columnTypes.put(type.getKey(), ValueText.typeOf(type.getValue()));
      } catch (BadValueException e) {
        throw new ParameterException(spec.commandLine(), "--type: " + e.getMessage(), e);
      }
    }
    TimeText times = TimeText.utc().in(cli.zoneOf(zone));
    return new ImportOptions(into, times, aligned, batchRows, separator, nullText, columnTypes);
  }

  private void print(ImportResult result, long elapsedMs) {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "Imported %d values in %d rows from %d lines in %.3fs.",
            result.values(),
            result.rows(),
            result.lines() - result.badLines() - result.emptyLines(),
            elapsedMs / 1000.0));
    if (result.emptyLines() > 0) {
      line.append(" Lines without a value: ").append(result.emptyLines()).append('.');
    }
    if (result.badLines() > 0) {
      line.append(" Bad lines, not imported: ").append(result.badLines()).append('.');
    }
    cli.console().out().println(line);
  }

  private int failed(ImportProgress progress, Exception e) {
    progress.end();
    cli.console().err().println("Msg: " + e.getMessage());
    return ExitStatus.FAILED;
  }
}
