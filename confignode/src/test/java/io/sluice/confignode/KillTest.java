package io.sluice.confignode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.confignode.core.Address;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.thrift.TException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of a ConfigNode in the middle of statements: what was answered is there again. */
class KillTest {
  private static final int KILLS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  private Process process;
  private int port;

  private void start() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledConfigNode.class.getName(),
                folder.resolve("cn").toString())
            .redirectError(new File(folder.toFile(), "stderr"))
            .start();
    BufferedReader out = new BufferedReader(new InputStreamReader(process.getInputStream()));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith("port=")) {
        port = Integer.parseInt(line.substring("port=".length()));
        return;
      }
    }
    throw new IOException("it did not start");
  }

  @AfterEach
  void end() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  @Test
  void everyAnsweredStatementSurvives() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> answered = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      start();
      int round = kill;
      int after = 20 + random.nextInt(200);
      try (TestClient client = new TestClient(new Address("127.0.0.1", port))) {
        check(client, answered, seed);
        int count = answered.size() + after;
        Thread killer = new Thread(() -> killWhen(answered, count));
        killer.start();
        sinks(client, round, answered);
        killer.join();
      }
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
    start();
    try (TestClient client = new TestClient(new Address("127.0.0.1", port))) {
      check(client, answered, seed);
    }
  }

  private void killWhen(List<String> answered, int count) {
    try {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(1))
          .until(
              () -> {
                synchronized (answered) {
                  return answered.size() >= count;
                }
              });
    } finally {
      // Also when it was too slow: nothing else ends the statements.
      process.destroyForcibly();
    }
  }

  private static void sinks(TestClient client, int round, List<String> answered) {
    for (int i = 0; ; i++) {
      String name = "s" + round + "_" + i;
      try {
        if (client.createSink(name).getCode() == 200) {
          synchronized (answered) {
            answered.add(name);
          }
        }
      } catch (TException e) {
        // Killed: this one was not answered.
        return;
      }
    }
  }

  private static void check(TestClient client, List<String> answered, long seed) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              List<PipeSinkInfo> sinks = client.call(c -> c.getPipeSinks("")).getSinks();
              assertThat(sinks)
                  .as("seed %d", seed)
                  .extracting(PipeSinkInfo::getName)
                  .containsAll(answered)
                  .doesNotHaveDuplicates();
            });
  }
}
