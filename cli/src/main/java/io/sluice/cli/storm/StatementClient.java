package io.sluice.cli.storm;

import io.sluice.cli.storm.PipeBelief.Answer;
import io.sluice.cli.storm.PipeBelief.Statement;
import io.sluice.cli.storm.PipeBelief.Status;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/**
 * Issues pipe statements on pipes and a sink of its own at any of the DataNodes, and holds every
 * answer against what is shown afterwards. A pipe of which a statement had no answer is left alone
 * until the end, for that statement may yet take effect. What it issues follows from its seed. One
 * thread runs it.
 */
final class StatementClient implements Runnable {
  private static final int PIPES = 3;
  private static final int PAUSE_MS_MAX = 300;

  private final String prefix;
  private final Random random;
  private final List<InetSocketAddress> dataNodes;
  private final Refusals refusals;
  private final List<PipeBelief> pipes = new ArrayList<>();
  private final List<PipeBelief> left = new ArrayList<>();
  private final List<String> lies = new ArrayList<>();
  private final TreeMap<String, Integer> countByAnswer = new TreeMap<>();
  private int named;
  private PipeBelief sink;
  private volatile boolean stopping;

  StatementClient(int number, long seed, List<InetSocketAddress> dataNodes, Refusals refusals) {
    this.prefix = "c" + number + "_";
    this.random = new Random(seed * 7_919 + number);
    this.dataNodes = List.copyOf(dataNodes);
    this.refusals = refusals;
    for (int i = 0; i < PIPES; i++) {
      pipes.add(next("p"));
    }
    sink = next("s");
  }

  private PipeBelief next(String kind) {
    return new PipeBelief(prefix + kind + named++);
  }

  /** Ends after the statement under way is answered. */
  void stop() {
    stopping = true;
  }

  /** Answers that were not true; only to be read after the thread has ended. */
  List<String> lies() {
    return lies;
  }

  /** How often each statement had each answer; only to be read after the thread has ended. */
  TreeMap<String, Integer> countByAnswer() {
    return countByAnswer;
  }

  /** Every pipe it has touched, but not its sinks; only to be read after the thread has ended. */
  List<PipeBelief> touched() {
    List<PipeBelief> all = new ArrayList<>(pipes);
    all.addAll(left);
    return all;
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        if (random.nextInt(PIPES + 1) == 0) {
          sinkTurn();
        } else {
          pipeTurn(random.nextInt(PIPES));
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(PAUSE_MS_MAX));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pipeTurn(int slot) {
    PipeBelief pipe = pipes.get(slot);
    Statement statement = drawn(pipe, Statement.values());
    String text =
        statement + " PIPE " + pipe.name() + (statement == Statement.CREATE ? " TO nowhere" : "");
    Answer answer = issue(pipe, statement, text);
    if (answer == Answer.NONE) {
      left.add(pipe);
      pipes.set(slot, next("p"));
    } else if (answer != null) {
      look(pipe, "SHOW PIPE " + pipe.name(), 4);
    }
  }

  private void sinkTurn() {
    Statement statement = drawn(sink, Statement.CREATE, Statement.DROP);
    String text =
        statement
            + " PIPESINK "
            + sink.name()
            + (statement == Statement.CREATE ? " AS IoTDB (ip='127.0.0.1',port=1)" : "");
    Answer answer = issue(sink, statement, text);
    if (answer == Answer.NONE) {
      sink = next("s");
    } else if (answer != null) {
      look(sink, "SHOW PIPESINK " + sink.name(), -1);
    }
  }

  /** Mostly one that can be done. */
  private Statement drawn(PipeBelief pipe, Statement... choice) {
    Statement statement = choice[random.nextInt(choice.length)];
    while (!pipe.invites(statement) && random.nextInt(10) > 0) {
      statement = choice[random.nextInt(choice.length)];
    }
    return statement;
  }

  private InetSocketAddress anyNode() {
    return dataNodes.get(random.nextInt(dataNodes.size()));
  }

  /** Null when nobody was there to be asked. */
  private Answer issue(PipeBelief pipe, Statement statement, String text) {
    StormClient client;
    try {
      client = StormClient.at(anyNode());
    } catch (IoTDBConnectionException e) {
      refusals.add(e);
      return null;
    }
    Answer answer = Answer.DONE;
    try (client) {
      client.session().executeNonQueryStatement(text);
    } catch (StatementExecutionException e) {
      refusals.add(e);
      boolean known =
          e.getStatusCode() == StormClient.PIPE_ERROR
              || e.getStatusCode() == StormClient.PIPESINK_ERROR;
      answer = known ? Answer.REFUSED : Answer.NONE;
    } catch (IoTDBConnectionException | RuntimeException e) {
      refusals.add(e);
      answer = Answer.NONE;
    }
    countByAnswer.merge(statement + " " + answer, 1, Integer::sum);
    pipe.answered(statement, answer).ifPresent(lies::add);
    return answer;
  }

  /**
   * Holds what is shown against the answers.
   *
   * @param column of the status, from 0; negative when being there is all
   */
  private void look(PipeBelief pipe, String query, int column) {
    try (StormClient client = StormClient.at(anyNode())) {
      List<List<String>> rows = client.shown(query);
      Optional<String> lie =
          pipe.shown(
              rows.isEmpty()
                  ? Status.ABSENT
                  : column < 0 ? Status.STOP : Status.valueOf(rows.get(0).get(column)));
      lie.ifPresent(lies::add);
      countByAnswer.merge("SHOW", 1, Integer::sum);
    } catch (IoTDBConnectionException | StatementExecutionException | NullPointerException e) {
      // The last one is how the library says that the connection was lost.
      refusals.add(e);
    }
  }
}
