package io.sluice.cli.shell;

import io.sluice.cli.server.Answer;
import io.sluice.cli.server.RefusedException;
import io.sluice.cli.server.ResultRows;
import io.sluice.cli.server.ServerAddress;
import io.sluice.cli.server.ServerConnection;
import io.sluice.cli.server.UnreachableException;
import io.sluice.cli.table.TablePrinter;
import io.sluice.cli.time.ElapsedClock;
import io.sluice.cli.value.TimeText;
import io.sluice.cli.value.ValueText;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Executes statements one after another and prints their answers. Connects when the first statement
 * needs it, and again after a broken connection. Confined to one thread, but for {@link
 * #interrupt()}.
 */
public final class StatementRunner implements AutoCloseable {
  /** How often a long table looks whether anyone still reads it. */
  private static final int ROWS_BETWEEN_CHECKS = 1_000;

  private final PrintWriter out;
  private final PrintWriter err;
  private final ElapsedClock clock;
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private ServerAddress address;

  /** Null while there is none. */
  private ServerConnection connection;

  /**
   * @param out takes answers
   * @param err takes errors
   */
  public StatementRunner(
      ServerAddress address, PrintWriter out, PrintWriter err, ElapsedClock clock) {
    this.address = address;
    this.out = out;
    this.err = err;
    this.clock = clock;
  }

  /**
   * Connects if there is no connection.
   *
   * @return DONE, FAILED when the server lets nobody in, LOST when there is none
   */
  public Outcome connect() {
    try {
      connected();
      return Outcome.DONE;
    } catch (RefusedException e) {
      return failed(e.getMessage());
    } catch (UnreachableException e) {
      return lost(e);
    }
  }

  /** Executes one statement and prints what comes of it. */
  public Outcome run(String statement) {
    interrupted.set(false);
    Optional<OwnCommand> own = OwnCommand.of(statement);
    try {
      Outcome outcome = own.isPresent() ? runOwn(own.get()) : runOnServer(statement);
      out.flush();
      return outcome;
    } catch (RefusedException e) {
      return failed(e.getMessage());
    } catch (UnreachableException e) {
      return lost(e);
    }
  }

  /** Stops the table that is being printed, if any. From any thread. */
  public void interrupt() {
    interrupted.set(true);
  }

  @Override
  public void close() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }

  private ServerConnection connected() throws RefusedException, UnreachableException {
    if (connection == null) {
      connection = ServerConnection.open(address);
    }
    return connection;
  }

  private Outcome runOwn(OwnCommand command) throws RefusedException, UnreachableException {
    if (command instanceof OwnCommand.Leave) {
      return Outcome.LEAVE;
    }
    if (command instanceof OwnCommand.Help) {
      out.println("Statements end with ; and may span lines. Also: quit, exit,");
      out.println("SET TIME_ZONE=+08:00, SHOW TIME_ZONE. SQL goes to the server as it is.");
      return Outcome.DONE;
    }
    if (command instanceof OwnCommand.SetTimeZone set) {
      return setTimeZone(set.zone());
    }
    out.println("Time zone: " + address.zone().getId());
    return Outcome.DONE;
  }

  private Outcome setTimeZone(String text) throws RefusedException, UnreachableException {
    ZoneId zone;
    try {
      zone = ZoneId.of(text.strip());
    } catch (DateTimeException e) {
      return failed("not a time zone: " + ValueText.shown(text));
    }
    connected().setZone(zone);
    address = address.withZone(zone);
    out.println("Time zone: " + zone.getId());
    return Outcome.DONE;
  }

  private Outcome runOnServer(String statement) throws RefusedException, UnreachableException {
    ServerConnection server = connected();
    long beginMs = clock.nowMs();
    Answer answer = server.execute(statement, address.zone());
    if (answer instanceof Answer.Rows withRows) {
      try (ResultRows rows = withRows.rows()) {
        return print(rows, beginMs);
      }
    }
    out.println("Msg: The statement is executed successfully.");
    return Outcome.DONE;
  }

  private Outcome print(ResultRows rows, long beginMs)
      throws RefusedException, UnreachableException {
    TimeText times = new TimeText(address.zone(), connected().precision());
    List<String> names = rows.names();
    long count = 0;
    boolean stopped = false;
    TablePrinter table = new TablePrinter(names, out);
    while (!stopped && rows.next()) {
      table.row(rows.texts(times));
      count++;
      stopped = interrupted.get() || (count % ROWS_BETWEEN_CHECKS == 0 && out.checkError());
    }
    table.end();
    if (stopped) {
      return failed("stopped after " + count + " rows");
    }
    out.println(count == 0 ? "Empty set." : "Total line number = " + count);
    out.println(String.format(Locale.ROOT, "It costs %.3fs", (clock.nowMs() - beginMs) / 1000.0));
    return Outcome.DONE;
  }

  private Outcome failed(String text) {
    out.flush();
    err.println("Msg: " + text);
    err.flush();
    return Outcome.FAILED;
  }

  private Outcome lost(UnreachableException e) {
    failed(e.getMessage());
    close();
    return Outcome.LOST;
  }
}
