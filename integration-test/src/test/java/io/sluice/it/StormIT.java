package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes of both sides are killed while a pipe uploads; what clients were acknowledged is there in
 * the end, once. By the command that does the same for longer, as it writes through a published
 * library with that library's own companions.
 */
class StormIT {
  private static final long RUN_MINUTES_MAX = 10;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  @Test
  void nothingAcknowledgedIsLostOrDoubledByKills() throws Exception {
    Path said = folder.resolve("storm.txt");
    ProcessBuilder command =
        new ProcessBuilder(
            Build.root().resolve("sluice").toString(),
            "storm",
            "--kills=6",
            "--points=300000",
            "--seed=7",
            "--folder=" + folder);
    command.environment().putAll(Build.environment());
    command.redirectErrorStream(true);
    command.redirectOutput(said.toFile());
    Process storm = command.start();
    try {
      boolean ended = storm.waitFor(RUN_MINUTES_MAX, TimeUnit.MINUTES);
      String report = Files.readString(said);
      assertThat(ended).as("ended in time:%n%s", report).isTrue();
      assertThat(storm.exitValue()).as("%s", report).isZero();
      assertThat(report).contains("nothing lost, nothing doubled");
    } finally {
      storm.descendants().forEach(ProcessHandle::destroyForcibly);
      storm.destroyForcibly();
    }
  }
}
