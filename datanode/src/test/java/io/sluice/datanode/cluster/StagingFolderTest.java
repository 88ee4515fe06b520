package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingFolderTest {
  private static final int SESSIONS = 4;
  private static final int TIMES = 100;

  @TempDir Path folder;

  /** A sender that comes back over another connection: its piece is still being staged. */
  @Test
  void sessionsThatAdoptTheSamePieceAtOnceDoNotDisturbEachOther() throws Exception {
    StagingFolder staging = new StagingFolder(folder.resolve("staging"));
    List<CompletableFuture<Void>> sessions = new ArrayList<>();
    for (int session = 0; session < SESSIONS; session++) {
      Path received = Files.writeString(folder.resolve("received-" + session), "the same bytes");
      sessions.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < TIMES; i++) {
                  try {
                    staging.adopt(received, "piece");
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                }
              },
              task -> new Thread(task, "session").start()));
    }
    for (CompletableFuture<Void> session : sessions) {
      session.join();
    }
    try (var left = Files.list(folder.resolve("staging"))) {
      assertThat(left).containsExactly(folder.resolve("staging").resolve("piece"));
    }
    assertThat(folder.resolve("staging").resolve("piece")).hasContent("the same bytes");
  }
}
