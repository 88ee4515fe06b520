package io.sluice.confignode.duty;

import io.sluice.common.rpc.NodeStatus;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.NodeCommand;
import io.sluice.confignode.raft.Decider;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has it recorded which DataNodes are Unknown, so that the next leader tells those that have been
 * silent for long from those it has only not heard yet. {@link #tick()} is called by one thread.
 */
final class SilenceNotes {
  private static final Logger LOG = LoggerFactory.getLogger(SilenceNotes.class);

  private final Supplier<ClusterImage> image;
  private final NodeHealth health;
  private final Function<Command, CompletableFuture<Decider.Decided>> decide;
  private final AtomicBoolean underWay = new AtomicBoolean();

  SilenceNotes(
      Supplier<ClusterImage> image,
      NodeHealth health,
      Function<Command, CompletableFuture<Decider.Decided>> decide) {
    this.image = image;
    this.health = health;
    this.decide = decide;
  }

  void tick() {
    ClusterImage now = image.get();
    TreeSet<Integer> unknown = new TreeSet<>(now.nodes().dataNodes().keySet());
    unknown.removeIf(node -> health.status(node) != NodeStatus.UNKNOWN);
    if (unknown.equals(now.nodes().silent()) || !underWay.compareAndSet(false, true)) {
      return;
    }
    decide
        .apply(new NodeCommand.NoteSilent(unknown))
        .whenComplete(
            (done, error) -> {
              underWay.set(false);
              if (error != null) {
                LOG.debug("not noted that DataNodes {} are Unknown", unknown, error);
              }
            });
  }
}
