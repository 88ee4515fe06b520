package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.cli.local.LocalNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.assertj.core.api.ThrowingConsumer;

/** Runs one statement again and again, on a thread of its own: whatever happens meets one. */
final class Repeated implements AutoCloseable {
  private final String statement;
  private final Sql sql;
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean finished;
  private volatile Exception broken;

  /**
   * @param table null for a statement that was refused
   * @param refusal null for one that was not
   */
  private record Outcome(Duration took, Sql.Table table, String refusal) {}

  private Repeated(String statement, Sql sql) {
    this.statement = statement;
    this.sql = sql;
    this.thread = new Thread(this::run, "repeated");
  }

  static Repeated start(String statement, LocalNode at) throws Exception {
    Repeated repeated = new Repeated(statement, Sql.at(at));
    repeated.thread.start();
    return repeated;
  }

  private void run() {
    try {
      while (!finished) {
        outcomes.add(once());
      }
    } catch (Exception e) {
      broken = e;
    }
  }

  private Outcome once() throws Exception {
    long sinceNs = System.nanoTime();
    try {
      Sql.Table table = sql.table(statement);
      return new Outcome(Duration.ofNanos(System.nanoTime() - sinceNs), table, null);
    } catch (StatementExecutionException e) {
      return new Outcome(Duration.ofNanos(System.nanoTime() - sinceNs), null, e.getMessage());
    }
  }

  /** Returns once the statement under way and so many more were answered with a table. */
  void awaitAnswered(int more, Duration atMost) {
    // The one under way has begun before.
    long wanted = answered() + more + 1;
    await()
        .atMost(atMost)
        .failFast(() -> broken != null)
        .untilAsserted(
            () ->
                assertThat(answered())
                    .as("answers to %s among %s", statement, outcomes)
                    .isGreaterThanOrEqualTo(wanted));
  }

  private long answered() {
    return outcomes.stream().filter(outcome -> outcome.table() != null).count();
  }

  /** Ends after the statement under way, and looks at every answer there was. */
  void finish(Duration eachAtMost, ThrowingConsumer<Sql.Table> right) throws InterruptedException {
    finished = true;
    thread.join();
    assertThat(broken).as(statement).isNull();
    for (Outcome outcome : outcomes) {
      assertThat(outcome.took()).as("%s", outcome).isLessThan(eachAtMost);
      if (outcome.table() != null) {
        right.accept(outcome.table());
      } else {
        assertThat(outcome.refusal()).isNotBlank();
      }
    }
  }

  @Override
  public void close() throws Exception {
    finished = true;
    thread.join();
    sql.close();
  }
}
