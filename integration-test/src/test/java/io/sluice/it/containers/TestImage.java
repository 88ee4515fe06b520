package io.sluice.it.containers;

import io.sluice.it.Build;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;

/** The images that the tests run: this build's, and one with programs that break networks. */
final class TestImage {
  private static final String TAG = "sluice:under-test";
  private static final String TOOLS = "sluice-base";
  private static final long BUILD_MINUTES_MAX = 15;

  private TestImage() {}

  /** The image of what this build has laid out; made on first use, which takes a minute. */
  static String name() {
    return Made.NAME;
  }

  /** Has iptables and tc. */
  static String tools() {
    return Made.TOOLS_NAME;
  }

  /** Once per process of tests: the engine keeps layers that have not changed. */
  private static final class Made {
    static final String TOOLS_NAME = run("docker/base-image.sh", TOOLS);
    static final String NAME = run("docker/image.sh", TAG);

    /** One at a time on this machine: classes of tests run beside each other. */
    private static String run(String script, String image) {
      Path root = Build.root();
      try (FileChannel lock =
              FileChannel.open(
                  root.resolve("docker/target/image.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock ignored = lock.lock()) {
        Process process =
            new ProcessBuilder(root.resolve(script).toString(), image)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(BUILD_MINUTES_MAX, TimeUnit.MINUTES) || process.exitValue() != 0) {
          process.destroyForcibly();
          throw new IllegalStateException(script + " made no " + image + ":\n" + said);
        }
        return image;
      } catch (IOException e) {
        throw new IllegalStateException(script + " cannot be run", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while " + script + " ran", e);
      }
    }
  }
}
