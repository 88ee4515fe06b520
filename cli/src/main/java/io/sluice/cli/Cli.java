package io.sluice.cli;

import io.sluice.cli.server.ServerAddress;
import io.sluice.cli.shell.InteractiveShell;
import io.sluice.cli.shell.Outcome;
import io.sluice.cli.shell.ScriptRun;
import io.sluice.cli.shell.StatementRunner;
import io.sluice.cli.time.ElapsedClock;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry: SQL at a prompt, from {@code -e}, from a file or from a pipe; and sub-commands. */
@Command(
    name = "sluice cli",
    description = "SQL at a prompt, or from -e, a file or a pipe; import and export of CSV files.",
    separator = " ",
    sortOptions = false,
    subcommands = {ImportCommand.class, ExportCommand.class},
    versionProvider = Cli.Version.class)
public final class Cli implements Callable<Integer> {
  private static final String HISTORY_FILE = ".sluice_history";
  private static final int PORT_MAX = 65_535;

  /** What the JVM makes of bytes of an argument that are no characters of the locale. */
  private static final char NOT_DECODED = '\ufffd';

  private final Console console;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--host"},
      paramLabel = "HOST",
      scope = ScopeType.INHERIT,
      defaultValue = "127.0.0.1",
      description = "Server to connect to (default: 127.0.0.1).")
  private String host;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      scope = ScopeType.INHERIT,
      defaultValue = "6667",
      description = "Its client port (default: 6667).")
  private int port;

  @Option(
      names = {"-u", "--user"},
      paramLabel = "USER",
      scope = ScopeType.INHERIT,
      defaultValue = "root",
      description = "User (default: root).")
  private String user;

  @Option(
      names = {"-pw", "--password"},
      paramLabel = "PASSWORD",
      scope = ScopeType.INHERIT,
      defaultValue = "${env:SLUICE_PASSWORD:-root}",
      description = "Password (default: $SLUICE_PASSWORD, else root).")
  private String password;

  @Option(
      names = "--time-zone",
      paramLabel = "ZONE",
      scope = ScopeType.INHERIT,
      description = "Zone of the session, such as +08:00 or Europe/Berlin (default: the system's).")
  private String timeZone;

  @Option(
      names = "--connect-timeout-ms",
      paramLabel = "MS",
      scope = ScopeType.INHERIT,
      defaultValue = "10000",
      description = "How long to wait for the connection (default: 10000).")
  private int connectTimeoutMs;

  @Option(
      names = "-e",
      paramLabel = "STATEMENTS",
      description = "Run these statements, parted by ;, and leave.")
  private String statements;

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Run the statements of this file and leave.")
  private Path script;

  @Option(
      names = "--keep-going",
      description = "Go on with the next statement of a script after one that failed.")
  private boolean keepGoing;

  @Option(
      names = "--help",
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  private boolean version;

  Cli(Console console) {
    this.console = console;
  }

  /** Runs the arguments and ends the process with the exit status. */
  public static void main(String[] arguments) {
    System.setProperty("logback.configurationFile", "io/sluice/cli/logback-cli.xml");
    System.exit(run(Console.ofProcess(), arguments));
  }

  /** Runs the arguments on the process's own streams; returns the exit status. */
  public static int execute(String... arguments) {
    return run(Console.ofProcess(), arguments);
  }

  /** Runs the arguments; returns the exit status. */
  static int run(Console console, String... arguments) {
    if (Stream.of(arguments).anyMatch(argument -> argument.indexOf(NOT_DECODED) >= 0)) {
      console.err().println("Msg: the locale cannot hold the arguments: set LC_ALL=C.UTF-8");
      console.err().flush();
      return ExitStatus.FAILED;
    }
    int status =
        new CommandLine(new Cli(console))
            .setOut(console.out())
            .setErr(console.err())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionExceptionHandler(
                (e, commandLine, parsed) -> {
                  console.err().println("Msg: " + e);
                  return ExitStatus.FAILED;
                })
            .execute(arguments);
    console.out().flush();
    console.err().flush();
    return status;
  }

  @Override
  public Integer call() throws IOException {
    if (statements != null && script != null) {
      throw new ParameterException(spec.commandLine(), "-e and -f exclude each other");
    }
    if (statements != null) {
      return runScript(new StringReader(statements), null);
    }
    if (script != null) {
      try (Reader reader = Files.newBufferedReader(script, StandardCharsets.UTF_8)) {
        return runScript(reader, script.toString());
      } catch (NoSuchFileException e) {
        console.err().println("Msg: no such file: " + script);
        return ExitStatus.FAILED;
      }
    }
    return console.interactive() ? runShell() : runScript(console.in(), "standard input");
  }

  Console console() {
    return console;
  }

  /**
   * Where the options say to connect.
   *
   * @throws ParameterException if they name no port or no zone
   */
  ServerAddress address() {
    if (port < 1 || port > PORT_MAX) {
      throw new ParameterException(spec.commandLine(), "the port must be 1 to 65535, not " + port);
    }
    ZoneId zone = timeZone == null ? ZoneId.systemDefault() : zoneOf(timeZone);
    return new ServerAddress(host, port, user, password, zone, connectTimeoutMs);
  }

  /** The zone of this name, or a usage error. */
  ZoneId zoneOf(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ParameterException(spec.commandLine(), "not a time zone: " + name, e);
    }
  }

  private int runScript(Reader reader, String name) throws IOException {
    try (StatementRunner runner =
        new StatementRunner(address(), console.out(), console.err(), ElapsedClock.SYSTEM)) {
      return ExitStatus.of(new ScriptRun(runner, console.err(), keepGoing, name).run(reader));
    }
  }

  private int runShell() throws IOException {
    try (StatementRunner runner =
        new StatementRunner(address(), console.out(), console.err(), ElapsedClock.SYSTEM)) {
      // Before the terminal is taken over: without a server it is left as it was.
      if (runner.connect() != Outcome.DONE) {
        return ExitStatus.FAILED;
      }
      try (Terminal terminal =
          TerminalBuilder.builder()
              .system(true)
              .encoding(StandardCharsets.UTF_8)
              .graphemeCluster(false)
              .build()) {
        Path history = Path.of(System.getProperty("user.home"), HISTORY_FILE);
        new InteractiveShell(terminal, history, runner).run();
      }
      return ExitStatus.OK;
    }
  }

  /** Takes the version from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Cli.class.getPackage().getImplementationVersion();
      return new String[] {"sluice cli " + (version == null ? "(not packaged)" : version)};
    }
  }
}
