package io.sluice.datanode.region.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.Writes;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that hosts a region is killed (SIGKILL) at random moments: what it acknowledged stays.
 */
class KillTest {
  private static final int KILLS = 5;
  private static final int ROWS_MAX = 4_000;

  @TempDir Path folder;

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void everyAcknowledgedRowIsThereAfterEachKill() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    TreeSet<Long> acknowledged = new TreeSet<>();
    for (int kill = 0; kill < KILLS; kill++) {
      long first = acknowledged.isEmpty() ? 1 : acknowledged.last() + 1_000;
      writeUntilKilled(first, 1 + random.nextInt(ROWS_MAX), acknowledged);
      TreeMap<Long, Long> stored = stored();
      for (long row : acknowledged) {
        assertThat(stored.get(row))
            .as("row %s, kill %s, seed %s", row, kill, seed)
            .isEqualTo(row * 31);
      }
      assertThat(stored.entrySet()).allMatch(entry -> entry.getValue() == entry.getKey() * 31);
    }
  }

  private void writeUntilKilled(long first, int rows, TreeSet<Long> acknowledged) throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                AckingWriter.class.getName(),
                folder.toString(),
                Long.toString(first))
            .redirectError(new File(folder.toFile(), "stderr"))
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      int seen = 0;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (!line.isEmpty() && line.chars().allMatch(Character::isDigit)) {
          acknowledged.add(Long.parseLong(line));
          seen++;
        }
        if (seen == rows) {
          // Of the handle: the process's own would close the stream with lines still in it.
          writer.toHandle().destroyForcibly();
        }
      }
      assertThat(seen).as("the writer said: %s", folder.resolve("stderr")).isPositive();
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  private TreeMap<Long, Long> stored() throws Exception {
    TreeMap<Long, Long> points = new TreeMap<>();
    try (RegionHost host = AckingWriter.open(folder)) {
      Region region = host.find(AckingWriter.REGION).orElseThrow();
      try (RegionView view = region.view()) {
        for (SealedFile file : view.files()) {
          PointsFileWriter.read(file.path(), points);
        }
        for (int device = 0; device < 3; device++) {
          points.putAll(Writes.inMemory(view, "root.x.d" + device, "s"));
        }
      }
    }
    return points;
  }
}
