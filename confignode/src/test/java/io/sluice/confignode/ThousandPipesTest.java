package io.sluice.confignode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.PipesImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many pipes and sinks, and many that come and go, through real statements and one DataNode. */
class ThousandPipesTest {
  private static final int MANY = 1_000;
  private static final int CLIENTS = 8;
  private static final int MEASURED = 30;

  /** Far above what is measured, far below what a person calls slow. */
  private static final long STATEMENT_MS_MAX = 1_000;

  @TempDir Path folder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private ConfigNode node;
  private TestClient client;
  private FakeDataNode dataNode;

  @BeforeEach
  void start() throws Exception {
    node =
        new ConfigNode(
            ConfigNodeOptions.founder(folder.resolve("cn"), "edge")
                .withTuning(
                    new ConfigNodeOptions.Tuning(
                        100, 60_000, 10_000, 30_000, 1_000, 2_000, 30_000, 500, 1 << 20)),
            registry);
    node.start();
    client = new TestClient(node.internal());
    dataNode = new FakeDataNode();
    client.register(dataNode, "edge");
    ConfigNodeTest.awaitRunning(client, 1);
  }

  @AfterEach
  void stop() {
    dataNode.close();
    client.close();
    node.close();
  }

  private interface Work {
    Status run(int number) throws Exception;
  }

  /** By several clients at once: they share fsyncs, as clients do. */
  private static void each(int count, Work work) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<Status>> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        answers.add(clients.submit(() -> work.run(number)));
      }
      for (Future<Status> answer : answers) {
        assertThat(answer.get().getCode()).as(answer.get().getMessage()).isEqualTo(200);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private static long medianMs(Work work) throws Exception {
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < MEASURED; i++) {
      long startNs = System.nanoTime();
      assertThat(work.run(i).getCode()).isEqualTo(200);
      took.add((System.nanoTime() - startNs) / 1_000);
    }
    Collections.sort(took);
    System.out.printf(" %.1f ms", took.get(MEASURED / 2) / 1_000.0);
    return took.get(MEASURED / 2) / 1_000;
  }

  @Test
  void aThousandPipesAndSinksStayFast() throws Exception {
    client.createSink("s");
    System.out.print("few pipes: CREATE PIPE");
    medianMs(i -> client.createPipe("few" + i, "s"));
    System.out.print(", SHOW PIPES");
    medianMs(i -> client.call(c -> c.getPipes("")).getStatus());
    each(MANY, i -> client.createSink("sink" + i));
    each(MANY, i -> client.createPipe("pipe" + i, "sink" + i));
    System.out.print("\n" + MANY + " more: CREATE PIPE");
    assertThat(medianMs(i -> client.createPipe("many" + i, "s"))).isLessThan(STATEMENT_MS_MAX);
    System.out.print(", START PIPE");
    assertThat(medianMs(i -> client.call(c -> c.startPipe("pipe" + i))))
        .isLessThan(STATEMENT_MS_MAX);
    System.out.print(", SHOW PIPES");
    assertThat(medianMs(i -> client.call(c -> c.getPipes("")).getStatus()))
        .isLessThan(STATEMENT_MS_MAX);
    System.out.print(", SHOW PIPESINKS");
    assertThat(medianMs(i -> client.call(c -> c.getPipeSinks("")).getStatus()))
        .isLessThan(STATEMENT_MS_MAX);
    System.out.println();
    assertThat(client.call(c -> c.getPipes("")).getPipes()).hasSize(MANY + 2 * MEASURED);
    assertThat(client.call(c -> c.dropPipeSink("sink7")).getMessage())
        .isEqualTo("Can not drop PIPESINK [sink7], because PIPE [pipe7] is using it.");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> dataNode.tableVersion() == node.image().pipes().version());
  }

  @Test
  void aThousandPipesThatCameAndWentLeaveNothingBehind() throws Exception {
    client.createSink("s");
    PipesImage before = node.image().pipes();
    each(
        MANY,
        i -> {
          client.createPipe("p" + i, "s");
          return client.call(c -> c.dropPipe("p" + i));
        });
    PipesImage after = node.image().pipes();
    assertThat(after.pipes()).isEmpty();
    assertThat(after.procedures()).isEmpty();
    assertThat(after.sinks()).isEqualTo(before.sinks());
    assertThat(after.nextPipeNumber()).isEqualTo(before.nextPipeNumber() + MANY);
    assertThat(registry.get("sluice.pipe.busy").gauge().value()).isZero();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () -> {
              assertThat(dataNode.pipeNumbers()).isEmpty();
              assertThat(dataNode.tableVersion()).isEqualTo(after.version());
            });
  }
}
