package io.sluice.cli.storm;

import io.sluice.cli.storm.PipeBelief.Statement;
import io.sluice.cli.storm.PipeBelief.Status;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/**
 * Stops and starts the very pipe that carries the rows, and drops and makes it again, at any of the
 * DataNodes; at the end it runs. Goes by what SHOW PIPE says, so that refused and unanswered
 * statements are taken up where they left the pipe. One thread runs it.
 */
final class PipeTender implements Runnable {
  private static final int REST_MS_MAX = 8_000;
  private static final long RETRY_MS = 300;
  private static final int STATUS = 4;

  private final String name;
  private final String sink;
  private final List<InetSocketAddress> dataNodes;
  private final Refusals refusals;
  private final Random random;
  private volatile boolean stopping;
  private int stops;
  private int drops;

  PipeTender(
      String name, String sink, long seed, List<InetSocketAddress> dataNodes, Refusals refusals) {
    this.name = name;
    this.sink = sink;
    this.dataNodes = List.copyOf(dataNodes);
    this.refusals = refusals;
    this.random = new Random(seed * 6_151);
  }

  /** Ends once the pipe runs. */
  void stop() {
    stopping = true;
  }

  /** How often the pipe was stopped; only to be read after the thread has ended. */
  int stops() {
    return stops;
  }

  /** How often it was dropped; only to be read after the thread has ended. */
  int drops() {
    return drops;
  }

  @Override
  public void run() {
    try {
      reach(Status.RUNNING);
      while (!stopping) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(REST_MS_MAX));
        if (random.nextInt(3) == 0) {
          reach(Status.ABSENT);
          drops++;
        } else {
          reach(Status.STOP);
          stops++;
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(REST_MS_MAX));
        reach(Status.RUNNING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reach(Status goal) throws InterruptedException {
    while (true) {
      try (StormClient client = StormClient.at(dataNodes.get(random.nextInt(dataNodes.size())))) {
        Status now = shown(client);
        if (now == goal) {
          return;
        }
        Statement next = next(now, goal);
        client
            .session()
            .executeNonQueryStatement(
                next + " PIPE " + name + (next == Statement.CREATE ? " TO " + sink : ""));
      } catch (IoTDBConnectionException | StatementExecutionException | RuntimeException e) {
        refusals.add(e);
        TimeUnit.MILLISECONDS.sleep(RETRY_MS);
      }
    }
  }

  private Status shown(StormClient client)
      throws IoTDBConnectionException, StatementExecutionException {
    List<List<String>> rows = client.shown("SHOW PIPE " + name);
    return rows.isEmpty() ? Status.ABSENT : Status.valueOf(rows.get(0).get(STATUS));
  }

  private static Statement next(Status now, Status goal) {
    return switch (now) {
      case ABSENT -> Statement.CREATE;
      case DROP -> Statement.DROP;
      case STOP -> goal == Status.ABSENT ? Statement.DROP : Statement.START;
      case RUNNING -> goal == Status.ABSENT ? Statement.DROP : Statement.STOP;
    };
  }
}
