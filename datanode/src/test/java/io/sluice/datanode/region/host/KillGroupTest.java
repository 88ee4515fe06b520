package io.sluice.datanode.region.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.Writes;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are a region's members are killed (SIGKILL): what any acknowledged stays. */
class KillGroupTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int KILLS = 3;
  private static final int ROWS = 300;

  @TempDir Path folder;
  private final Set<Long> acknowledged = new ConcurrentSkipListSet<>();
  private final Map<Integer, Process> processes = new ConcurrentHashMap<>();
  private long starts;

  @AfterEach
  void killAll() {
    processes.values().forEach(Process::destroyForcibly);
  }

  private void start(int node) throws IOException {
    starts++;
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                ReplicaProcess.class.getName(),
                folder.toString(),
                Integer.toString(node),
                Long.toString(starts * 1_000_000))
            .redirectError(ProcessBuilder.Redirect.appendTo(new File(folder.toFile(), "stderr")))
            .start();
    processes.put(node, process);
    Thread reader = new Thread(() -> read(process), "replica-" + node);
    reader.setDaemon(true);
    reader.start();
  }

  private void read(Process process) {
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (!line.isEmpty() && line.chars().allMatch(Character::isDigit)) {
          acknowledged.add(Long.parseLong(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void awaitRows() {
    int before = acknowledged.size();
    await().atMost(PATIENCE).until(() -> acknowledged.size() >= before + ROWS);
  }

  /** Of the handle: the process's own would close the stream with lines still in it. */
  private void kill(int node) throws InterruptedException {
    processes.get(node).toHandle().destroyForcibly();
    processes.get(node).waitFor();
  }

  @Test
  @Timeout(value = 900, unit = TimeUnit.SECONDS)
  void everyAcknowledgedRowIsThereWhicheverProcessesWereKilled() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int node = 1; node <= ReplicaProcess.NODES; node++) {
      start(node);
    }
    awaitRows();
    for (int i = 0; i < KILLS; i++) {
      int victim = 1 + random.nextInt(ReplicaProcess.NODES);
      kill(victim);
      awaitRows(); // a minority down stops nobody
      start(victim);
      awaitRows();
    }
    for (int node = 1; node <= ReplicaProcess.NODES; node++) {
      kill(node);
    }
    Set<Long> must = Set.copyOf(acknowledged);
    try (Replicas nodes = new Replicas(folder, Replicas.small(64 << 20))) {
      for (int node = 1; node <= ReplicaProcess.NODES; node++) {
        nodes.start(node);
      }
      nodes.awaitLeader(ReplicaProcess.REGION);
      nodes.awaitEqual(ReplicaProcess.REGION);
      for (int node = 1; node <= ReplicaProcess.NODES; node++) {
        TreeMap<Long, Long> stored = stored(nodes.region(node, ReplicaProcess.REGION));
        assertThat(stored.keySet()).as("node %s, seed %s", node, seed).containsAll(must);
        assertThat(stored.entrySet()).allMatch(entry -> entry.getValue() == entry.getKey() * 31);
      }
    }
  }

  private static TreeMap<Long, Long> stored(Region region) throws IOException {
    TreeMap<Long, Long> points = new TreeMap<>();
    try (RegionView view = region.view()) {
      for (SealedFile file : view.files()) {
        PointsFileWriter.read(file.path(), points);
      }
      points.putAll(Writes.inMemory(view, "root.x.d", "s"));
    }
    return points;
  }
}
