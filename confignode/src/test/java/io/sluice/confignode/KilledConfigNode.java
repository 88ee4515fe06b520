package io.sluice.confignode;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;

/** A process of its own, to be killed: founds a cluster and says where it listens. */
final class KilledConfigNode {
  private KilledConfigNode() {}

  public static void main(String[] arguments) throws Exception {
    ConfigNode node =
        new ConfigNode(
            ConfigNodeOptions.founder(Path.of(arguments[0]), "edge").withTuning(Tunings.QUICK),
            new SimpleMeterRegistry());
    node.start();
    System.out.println("port=" + node.internal().port());
    System.out.flush();
    Thread.currentThread().join();
  }
}
