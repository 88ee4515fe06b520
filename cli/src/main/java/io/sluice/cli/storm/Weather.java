package io.sluice.cli.storm;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.proxy.ProxyNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * What befalls nodes without ending them: one hangs, one is cut off from all, one way between two
 * is cut, or the clusters lose each other. Mostly for a few seconds, now and then for longer than
 * it takes a node to count as Unknown. Everything is over when a method returns. Confined to one
 * thread.
 */
final class Weather {
  private static final int BRIEF_MS_MAX = 8_000;
  private static final int LONG_MS = 24_000;
  private static final int LONG_EVERY = 6;

  private final ProxyNetwork network;
  private final LocalCluster edge;
  private final LocalCluster cloud;

  Weather(ProxyNetwork network, LocalCluster edge, LocalCluster cloud) {
    this.network = network;
    this.edge = edge;
    this.cloud = cloud;
  }

  private static int duration(Random random) {
    return random.nextInt(LONG_EVERY) == 0 ? LONG_MS : random.nextInt(BRIEF_MS_MAX);
  }

  /** What one blow is to be: said first, then done. */
  record Blow(String what, Deed deed) {}

  /** Does it and waits until it is over. */
  interface Deed {
    void run() throws IOException, InterruptedException;
  }

  Blow drawn(Random random, LocalNode victim) {
    int ms = duration(random);
    return switch (random.nextInt(4)) {
      case 0 -> new Blow(name(victim) + " hangs for " + ms + " ms", () -> hang(victim, ms));
      case 1 ->
          new Blow(
              name(victim) + " is cut off for " + ms + " ms",
              () -> {
                network.part(List.of(victim), all());
                network.cutFront(victim);
                heal(ms);
              });
      case 2 -> {
        List<LocalNode> others = new ArrayList<>(all());
        others.remove(victim);
        LocalNode other = others.get(random.nextInt(others.size()));
        yield new Blow(
            "no way from " + name(victim) + " to " + name(other) + " for " + ms + " ms",
            () -> {
              network.cut(victim, other);
              heal(ms);
            });
      }
      default ->
          new Blow(
              "the clusters lose each other for " + ms + " ms",
              () -> {
                network.part(edge.nodes(), cloud.nodes());
                for (LocalNode node : cloud.dataNodes()) {
                  network.cutFront(node);
                }
                heal(ms);
              });
    };
  }

  private static void hang(LocalNode victim, int ms) throws IOException, InterruptedException {
    victim.pause();
    try {
      TimeUnit.MILLISECONDS.sleep(ms);
    } finally {
      victim.resume();
    }
  }

  private void heal(int ms) throws IOException, InterruptedException {
    try {
      TimeUnit.MILLISECONDS.sleep(ms);
    } finally {
      network.heal();
    }
  }

  private List<LocalNode> all() {
    List<LocalNode> all = new ArrayList<>(edge.nodes());
    all.addAll(cloud.nodes());
    return all;
  }

  static String name(LocalNode node) {
    return node.home().getParent().getFileName() + " " + node.home().getFileName();
  }
}
