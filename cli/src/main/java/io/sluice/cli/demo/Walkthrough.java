package io.sluice.cli.demo;

import io.sluice.cli.server.Answer;
import io.sluice.cli.server.RefusedException;
import io.sluice.cli.server.ResultRows;
import io.sluice.cli.server.ServerAddress;
import io.sluice.cli.server.ServerConnection;
import io.sluice.cli.server.UnreachableException;
import io.sluice.cli.table.TablePrinter;
import io.sluice.cli.value.TimeText;
import java.io.PrintWriter;
import java.time.ZoneId;

/** Shows statements and their answers, one cluster at a time, as the SQL prompt would. */
final class Walkthrough implements AutoCloseable {
  private static final int CONNECT_MS_MAX = 10_000;

  private final String cluster;
  private final ZoneId zone;
  private final PrintWriter out;
  private final ServerConnection connection;

  Walkthrough(String cluster, int port, ZoneId zone, PrintWriter out)
      throws RefusedException, UnreachableException {
    this.cluster = cluster;
    this.zone = zone;
    this.out = out;
    this.connection =
        ServerConnection.open(
            new ServerAddress("127.0.0.1", port, "root", "root", zone, CONNECT_MS_MAX));
  }

  /**
   * Executes and shows one statement.
   *
   * @throws RefusedException when the server refuses it; its text has been shown
   */
  void show(String statement) throws RefusedException, UnreachableException {
    out.println("[" + cluster + "] IoTDB> " + statement);
    try {
      Answer answer = connection.execute(statement, zone);
      if (answer instanceof Answer.Rows withRows) {
        print(withRows.rows());
      } else {
        out.println("Msg: The statement is executed successfully.");
      }
    } catch (RefusedException e) {
      out.println("Msg: " + e.getMessage());
      throw e;
    } finally {
      out.flush();
    }
  }

  private void print(ResultRows rows) throws RefusedException, UnreachableException {
    try (rows) {
      TablePrinter table = new TablePrinter(rows.names(), out);
      TimeText times = new TimeText(zone, connection.precision());
      while (rows.next()) {
        table.row(rows.texts(times));
      }
      table.end();
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
