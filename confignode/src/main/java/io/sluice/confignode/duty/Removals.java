package io.sluice.confignode.duty;

import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.RegionCommand;
import io.sluice.confignode.core.RegionSteps;
import io.sluice.confignode.core.RemovalCommand;
import io.sluice.confignode.raft.NotLeadingException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the DataNodes that are being removed and lets their records go; a DataNode that hears no
 * more of the ConfigNodes asks, is told that it was removed, and ends. What is left to do is
 * derived from the image alone.
 */
final class Removals {
  private static final Logger LOG = LoggerFactory.getLogger(Removals.class);

  /** Regions moved off one node at once. */
  private static final int MOVES_AT_ONCE = 2;

  private final Supplier<ClusterImage> image;
  private final NodeHealth health;
  private final Decisions decisions;
  private final RegionChanges changes;
  private final Executor executor;
  private final AtomicBoolean underWay = new AtomicBoolean();
  private volatile String lastTrouble = "";

  Removals(
      Supplier<ClusterImage> image,
      NodeHealth health,
      Decisions decisions,
      RegionChanges changes,
      Executor executor) {
    this.image = image;
    this.health = health;
    this.decisions = decisions;
    this.changes = changes;
    this.executor = executor;
  }

  /** Does not wait for DataNodes. */
  void tick() {
    boolean some =
        image.get().nodes().removing().stream()
            .anyMatch(image.get().nodes().dataNodes()::containsKey);
    if (some && underWay.compareAndSet(false, true)) {
      executor.execute(
          () -> {
            try {
              moveOff();
              image.get().nodes().removing().forEach(this::letGo);
            } catch (NotLeadingException e) {
              LOG.debug("removals are left to the next leader", e);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            } finally {
              underWay.set(false);
            }
          });
    }
  }

  private void moveOff() throws NotLeadingException, InterruptedException {
    for (RegionCommand.Migrate move :
        RegionSteps.drains(image.get(), changes.known(), MOVES_AT_ONCE)) {
      try {
        decisions.decide(move);
        LOG.info("region {} is moved from {} to {}", move.regionId(), move.from(), move.to());
      } catch (StatusException e) {
        trouble("DataNode " + move.from() + " cannot be emptied now: " + e.getMessage());
      }
    }
  }

  private void letGo(int id) {
    ClusterImage now = image.get();
    if (!RemovalCommand.ready(now, id)) {
      return;
    }
    boolean unknown = health.status(id) == NodeStatus.UNKNOWN;
    boolean cleaned =
        now.databases().stale().stream().noneMatch(stale -> stale.dataNode() == id)
            && now.databases().unfinishedRegions().stream()
                .noneMatch(region -> region.unconfirmed().contains(id));
    if (!unknown && !cleaned) {
      return;
    }
    try {
      decisions.decide(new RemovalCommand.DataNodeLeft(id));
      health.forget(id);
      LOG.info("DataNode {} is out of the cluster", id);
    } catch (StatusException e) {
      trouble("DataNode " + id + " is not out of the cluster yet: " + e.getMessage());
    } catch (NotLeadingException e) {
      LOG.debug("DataNode {} is left to the next leader", id, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Once, not with every try. */
  private void trouble(String text) {
    if (!text.equals(lastTrouble)) {
      lastTrouble = text;
      LOG.warn(text);
    }
  }
}
