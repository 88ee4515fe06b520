package io.sluice.cli.storm;

import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Kills one node at a time at random moments, and starts it again. Confined to one thread. */
final class Killer {
  private static final int CALM_MS_MAX = 2_500;
  private static final int DOWN_MS_MAX = 1_500;

  private final List<LocalNode> nodes;
  private final Random random;
  private final PrintWriter out;

  Killer(List<LocalNode> nodes, long seed, PrintWriter out) {
    this.nodes = List.copyOf(nodes);
    this.random = new Random(seed);
    this.out = out;
  }

  void kill(int number, int of) throws IOException, InterruptedException {
    TimeUnit.MILLISECONDS.sleep(random.nextInt(CALM_MS_MAX));
    LocalNode victim = nodes.get(random.nextInt(nodes.size()));
    out.printf("kill %d of %d: %s%n", number, of, victim.home());
    victim.kill9();
    TimeUnit.MILLISECONDS.sleep(random.nextInt(DOWN_MS_MAX));
    victim.start();
  }
}
