package io.sluice.it;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.nio.file.Path;
import java.util.Map;

/** How the tests start nodes: by the launcher, from the jars that this build has laid out. */
final class TestClusters {
  private TestClusters() {}

  /** The checkout. */
  static Path root() {
    return Path.of(System.getProperty("sluice.root", "..")).toAbsolutePath().normalize();
  }

  /** By the launcher in the checkout, with the jars and the Java of this build. */
  static LocalNode.Launcher launcher() {
    return new LocalNode.Launcher(
        root().resolve("sluice"),
        root().resolve("conf"),
        Map.of(
            "SLUICE_LIBRARIES",
            root().resolve("docker/target/dist/lib").toString(),
            "JAVA_HOME",
            System.getProperty("java.home")));
  }

  /** So that the launcher takes this build and this Java. */
  static Map<String, String> environment() {
    return Map.of(
        "SLUICE_LIBRARIES",
        root().resolve("docker/target/dist/lib").toString(),
        "JAVA_HOME",
        System.getProperty("java.home"));
  }

  /** A cluster without nodes yet. */
  static LocalCluster named(String name, Path folder) {
    return new LocalCluster(name, folder, launcher(), Map.of());
  }
}
