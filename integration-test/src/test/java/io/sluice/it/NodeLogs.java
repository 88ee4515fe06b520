package io.sluice.it;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** What the nodes said, for whoever looks into a test that has failed. */
final class NodeLogs {
  private static final int LINES = 40;

  private NodeLogs() {}

  /** Copies all log files of the nodes into a folder and prints the end of each. */
  static void keep(List<LocalCluster> clusters, Path folder) throws IOException {
    System.out.println("the nodes' logs are kept in " + folder.toAbsolutePath());
    for (LocalCluster cluster : clusters) {
      for (LocalNode node : cluster.nodes()) {
        System.out.println("==== " + cluster.name() + " " + node.home().getFileName());
        for (Path file : files(node.home())) {
          Path kept = folder.resolve(cluster.name()).resolve(node.home().getFileName());
          Files.createDirectories(kept);
          Files.copy(file, kept.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
          List<String> lines =
              new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
          System.out.println("---- " + node.home().relativize(file));
          lines
              .subList(Math.max(0, lines.size() - LINES), lines.size())
              .forEach(System.out::println);
        }
      }
    }
  }

  private static List<Path> files(Path home) throws IOException {
    return LiveFiles.below(home).stream()
        .filter(file -> file.toString().endsWith(".log"))
        .sorted()
        .toList();
  }
}
