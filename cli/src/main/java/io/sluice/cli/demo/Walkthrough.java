package io.sluice.cli.demo;

import io.sluice.cli.server.ServerAddress;
import io.sluice.cli.shell.Outcome;
import io.sluice.cli.shell.StatementRunner;
import io.sluice.cli.time.ElapsedClock;
import java.io.PrintWriter;
import java.time.ZoneId;

/** Shows statements and their answers, one cluster at a time, as the SQL prompt would. */
final class Walkthrough implements AutoCloseable {
  private static final int CONNECT_MS_MAX = 10_000;

  private final String cluster;
  private final PrintWriter out;
  private final StatementRunner runner;

  Walkthrough(String cluster, int port, ZoneId zone, PrintWriter out) {
    this.cluster = cluster;
    this.out = out;
    this.runner =
        new StatementRunner(
            new ServerAddress("127.0.0.1", port, "root", "root", zone, CONNECT_MS_MAX),
            out,
            out,
            ElapsedClock.SYSTEM);
  }

  /**
   * Executes and shows one statement.
   *
   * @throws DemoFailedException when the answer, which has been shown, is an error
   */
  void show(String statement) throws DemoFailedException {
    out.println("[" + cluster + "] IoTDB> " + statement);
    if (runner.run(statement) != Outcome.DONE) {
      throw new DemoFailedException(cluster + " did not do: " + statement);
    }
  }

  @Override
  public void close() {
    runner.close();
  }
}
