package io.sluice.it;

import io.sluice.cli.local.LocalNode;
import java.nio.file.Path;
import java.util.Map;

/** The checkout under test, and how its nodes are started: from the jars that it has laid out. */
public final class Build {
  private Build() {}

  /** The checkout. */
  public static Path root() {
    return Path.of(System.getProperty("sluice.root", "..")).toAbsolutePath().normalize();
  }

  /** By the launcher in the checkout, with the jars and the Java of this build. */
  static LocalNode.Launcher launcher() {
    return new LocalNode.Launcher(root().resolve("sluice"), root().resolve("conf"), environment());
  }

  /** So that the launcher takes this build and this Java. */
  static Map<String, String> environment() {
    return Map.of(
        "SLUICE_LIBRARIES",
        root().resolve("docker/target/dist/lib").toString(),
        "JAVA_HOME",
        System.getProperty("java.home"));
  }
}
