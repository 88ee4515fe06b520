package io.sluice.cli.storm;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the nodes of a cluster logged as ERROR; a kill explains none of it by itself. */
final class LoggedErrors {
  private static final String ERROR = " ERROR ";

  private LoggedErrors() {}

  static List<String> of(LocalCluster cluster) throws IOException {
    List<String> found = new ArrayList<>();
    for (LocalNode node : cluster.nodes()) {
      for (Path file : logs(node.home().resolve("logs"))) {
        // a killed process may leave half a character: read as bytes, never refused
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
            .lines()
            .filter(line -> line.contains(ERROR))
            .forEach(line -> found.add(cluster.name() + " " + line));
      }
    }
    return found;
  }

  private static List<Path> logs(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }
}
