package io.sluice.it;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prints what the nodes said last when a test has failed. */
final class NodeLogs implements AfterTestExecutionCallback {
  private static final int LINES = 40;

  private final List<LocalCluster> clusters = new ArrayList<>();

  /** Watches a cluster; answers it again. */
  LocalCluster of(LocalCluster cluster) {
    clusters.add(cluster);
    return cluster;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) throws IOException {
    if (context.getExecutionException().isEmpty()) {
      return;
    }
    PrintStream out = System.out;
    for (LocalCluster cluster : clusters) {
      for (LocalNode node : cluster.nodes()) {
        out.println("==== " + cluster.name() + " " + node.role() + " " + node.home());
        for (Path file : files(node.home())) {
          List<String> lines =
              new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList();
          out.println("---- " + node.home().relativize(file));
          lines.subList(Math.max(0, lines.size() - LINES), lines.size()).forEach(out::println);
        }
      }
    }
  }

  private static List<Path> files(Path home) throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      return all.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }
}
