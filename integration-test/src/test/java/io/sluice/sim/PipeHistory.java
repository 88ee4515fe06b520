package io.sluice.sim;

import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.statement.PipeStatement;
import java.util.List;
import java.util.Optional;

/** One history of pipe statements on a cluster that suffers, from one seed. */
final class PipeHistory {
  private static final long TROUBLE_MS = 25_000;

  /** The longest way of a statement, and the latest message. */
  private static final long QUIET_MS = 30_000;

  final SimWorld<Fault> world;
  final SimCluster cluster;

  PipeHistory(long seed, SimFlaw flaw, SimDataNode.Flaw nodeFlaw, boolean traced) {
    this.world = new SimWorld<>(Fault.class, seed, traced);
    this.cluster = new SimCluster(world, flaw, nodeFlaw);
  }

  /** Ends with an AssertionError when something is not as it has to be. */
  void run() {
    world.after(100, this::client);
    world.after(500, this::trouble);
    if (world.random.nextInt(3) == 0) {
      world.after(
          world.between(1_000, TROUBLE_MS),
          () -> {
            world.count(Fault.NODE_JOINS);
            cluster.join();
          });
    }
    world.runUntil(TROUBLE_MS);
    cluster.heal();
    world.runUntil(TROUBLE_MS + QUIET_MS);
    cluster.truth.checkAtRest();
    comeBack();
  }

  private void client() {
    if (!world.calm) {
      cluster.ask(anyStatement(), 0);
      world.after(world.between(50, 1_800), this::client);
    }
  }

  /** Mostly one that has something to do. */
  private PipeStatement anyStatement() {
    String name = "p" + world.random.nextInt(3);
    Optional<Pipe> pipe = cluster.image().pipes().pipe(name);
    int choice = world.random.nextInt(10);
    if (choice < 8 && pipe.isEmpty()) {
      return new PipeStatement.Create(name, "s", 0, false);
    } else if (choice < 5) {
      return pipe.orElseThrow().status() == Pipe.Status.RUNNING
          ? new PipeStatement.Stop(name)
          : new PipeStatement.Start(name);
    }
    return switch (choice) {
      case 5 -> new PipeStatement.Create(name, "s", 0, false);
      case 6 -> new PipeStatement.Start(name);
      case 7 -> new PipeStatement.Stop(name);
      default -> new PipeStatement.Drop(name);
    };
  }

  private void trouble() {
    if (world.calm) {
      return;
    }
    List<SimDataNode> nodes = List.copyOf(cluster.dataNodes.values());
    for (SimDataNode node : nodes) {
      if (node.up && world.strikes(Fault.NODE_KILLED, 0.02)) {
        node.die();
      } else if (node.up && world.strikes(Fault.NODE_HANGS, 0.02)) {
        node.hang(world.between(300, 8_000));
      }
      if (world.strikes(Fault.PARTITION, 0.03)) {
        for (int i = 0; i < 3; i++) {
          if (world.random.nextInt(3) > 0) {
            cluster.network.part(i, node, world.between(300, 8_000));
          }
        }
      }
    }
    if (world.random.nextInt(40) == 0) {
      cluster.deposeLeader();
    }
    world.after(500, this::trouble);
  }

  /** A node that comes back empty knows everything within two heartbeats. */
  private void comeBack() {
    cluster.dataNodes.values().forEach(SimDataNode::forget);
    world.runUntil(world.nowMs() + 2 * SimConfigNode.HEARTBEAT_MS + 100);
    cluster.truth.checkNodes();
  }
}
