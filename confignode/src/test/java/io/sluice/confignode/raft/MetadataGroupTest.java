package io.sluice.confignode.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.confignode.core.PipeSink;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.format.Proposal;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps decisions from interleaving wrongly, at the log itself. */
class MetadataGroupTest {
  @TempDir Path folder;

  private static final MetadataGroup.LeadershipListener NOBODY =
      new MetadataGroup.LeadershipListener() {
        @Override
        public void leads(long term) {
          // The test asks the group.
        }

        @Override
        public void ceased() {
          // The test asks the group.
        }
      };

  private MetadataGroup started() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    RaftOptions options =
        new RaftOptions(folder.resolve("raft"), "127.0.0.1", port, 300, 600, 1_000, 1 << 20);
    MetadataGroup group = new MetadataGroup(options, new UUID(1, 2), 0, true, NOBODY);
    group.start();
    await().until(() -> group.leadingTerm().isPresent());
    return group;
  }

  private static Proposal sink(String name, long term, long revision) {
    return new Proposal(
        UUID.randomUUID(),
        term,
        revision,
        List.of(new Record.PipeSinkSet(new PipeSink(name, "IoTDB", "h", 1, 0))));
  }

  @Test
  void aProposalTakesEffectOnItsRevisionAndInItsTermOnly() throws Exception {
    try (MetadataGroup group = started()) {
      long term = group.leadingTerm().getAsLong();
      long revision = group.image().revision();
      assertThat(group.propose(sink("a", term, revision), 5_000))
          .isEqualTo(MetadataGroup.Outcome.TOOK_EFFECT);
      assertThat(group.propose(sink("late", term, revision), 5_000))
          .isEqualTo(MetadataGroup.Outcome.PASSED_OVER);
      assertThat(group.propose(sink("early", term, revision + 2), 5_000))
          .isEqualTo(MetadataGroup.Outcome.PASSED_OVER);
      assertThat(group.propose(sink("deposed", term - 1, revision + 1), 5_000))
          .isIn(MetadataGroup.Outcome.LOST, MetadataGroup.Outcome.PASSED_OVER);
      assertThat(group.image().pipes().sinks()).containsOnlyKeys("a");
      assertThat(group.image().revision()).isEqualTo(revision + 1);
    }
    try (MetadataGroup again = started()) {
      assertThat(again.image().pipes().sinks()).containsOnlyKeys("a");
      assertThat(again.leadingTerm().getAsLong()).isGreaterThan(1);
    }
  }

  @Test
  void aMemberThatFailedIsStartedAgainFromItsLog() throws Exception {
    try (MetadataGroup group = started()) {
      long term = group.leadingTerm().getAsLong();
      assertThat(group.propose(sink("a", term, 0), 5_000))
          .isEqualTo(MetadataGroup.Outcome.TOOK_EFFECT);
      group.division().close();
      await().until(() -> group.leadingTerm().orElse(0) > term);
      assertThat(group.propose(sink("b", group.leadingTerm().getAsLong(), 1), 5_000))
          .isEqualTo(MetadataGroup.Outcome.TOOK_EFFECT);
      assertThat(group.image().pipes().sinks()).containsOnlyKeys("a", "b");
    }
  }
}
