package io.sluice.datanode.pipe;

import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.time.WallClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dropped pipes whose receivers may not know it yet, a file each in the form of {@link
 * PipeTableFile}: after a restart they are told all the same. Thread-safe.
 */
final class DroppedPipes {
  private static final Logger LOG = LoggerFactory.getLogger("sync.sender");

  /** A receiver that was away for longer keeps its row until another pipe takes its place. */
  private static final Duration KEPT_MAX = Duration.ofDays(7);

  private final Path folder;

  DroppedPipes(Path folder) {
    this.folder = folder;
  }

  /** Durable on return. */
  void add(PipeInfo pipe) throws IOException {
    Path file = file(pipe.getNumber());
    if (!Files.exists(file)) {
      new PipeTableFile(file).write(new PipeTable(0, List.of(pipe)));
    }
  }

  /** The receiver knows of it. */
  void told(long pipeNumber) {
    try {
      Files.deleteIfExists(file(pipeNumber));
    } catch (IOException e) {
      LOG.warn("dropped pipe number {} stays written down: {}", pipeNumber, e.toString());
    }
  }

  /** Those that were not told yet; what is too old, or cannot be read, is done away with. */
  List<PipeInfo> untold() throws IOException {
    List<PipeInfo> untold = new ArrayList<>();
    if (!Files.exists(folder)) {
      return untold;
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        long ageMs = WallClock.SYSTEM.nowMs() - Files.getLastModifiedTime(file).toMillis();
        if (ageMs > KEPT_MAX.toMillis()) {
          Files.delete(file);
          continue;
        }
        try {
          new PipeTableFile(file).read().ifPresent(table -> untold.addAll(table.getPipes()));
        } catch (IOException e) {
          LOG.warn("a dropped pipe's receiver will not be told of it: {}", e.getMessage());
          Files.delete(file);
        }
      }
    }
    return untold;
  }

  private Path file(long pipeNumber) {
    return folder.resolve("pipe-" + pipeNumber);
  }
}
