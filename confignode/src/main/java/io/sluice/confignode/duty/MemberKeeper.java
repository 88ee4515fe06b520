package io.sluice.confignode.duty;

import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.raft.MetadataGroup;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes registered ConfigNodes voting members of the metadata group, one at a time. */
final class MemberKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(MemberKeeper.class);

  private final MetadataGroup group;
  private final Executor executor;
  private final long addTimeoutMs;
  private final AtomicBoolean underWay = new AtomicBoolean();

  MemberKeeper(MetadataGroup group, Executor executor, long addTimeoutMs) {
    this.group = group;
    this.executor = executor;
    this.addTimeoutMs = addTimeoutMs;
  }

  void tick() {
    if (underWay.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            try {
              addOne(group.image());
            } catch (IOException e) {
              LOG.warn("to be tried again: {}", e.toString());
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              underWay.set(false);
            }
          });
    }
  }

  private void addOne(ClusterImage image) throws IOException, InterruptedException {
    var members = group.members();
    for (ConfigNodeMember node : image.nodes().configNodes().values()) {
      if (!members.containsKey(node.id())) {
        group.addMember(node.id(), node.raft(), addTimeoutMs);
        LOG.info("ConfigNode {} at {} is a member", node.id(), node.raft());
        return;
      }
    }
  }
}
