package io.sluice.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.Place;
import io.sluice.cli.local.ScratchFolder;
import io.sluice.cli.proxy.ProxyNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The clusters of one test class, in a temporary folder; ended after its last test. When a test
 * fails, its nodes' logs are kept in {@code target/node-logs} and their last words printed.
 */
final class TestClusters
    implements BeforeAllCallback, AfterTestExecutionCallback, AfterAllCallback {
  private final List<LocalCluster> clusters = new ArrayList<>();
  private ScratchFolder folder;
  private ProxyNetwork network;

  @Override
  public void beforeAll(ExtensionContext context) throws IOException {
    folder = new ScratchFolder("sluice-" + context.getRequiredTestClass().getSimpleName());
  }

  /** A folder that goes with the clusters. */
  Path folder() {
    return folder.path();
  }

  /** A cluster without nodes yet, all of whose nodes will be at 127.0.0.1. */
  LocalCluster named(String name) {
    return named(name, Map.of());
  }

  /** The same with values over those shipped. */
  LocalCluster named(String name, Map<String, String> settings) {
    return named(name, settings, Place.LOOPBACK);
  }

  /** The same in {@link #network}, with values over those shipped. */
  LocalCluster apart(String name, Map<String, String> settings) throws IOException {
    return named(name, settings, network());
  }

  private LocalCluster named(String name, Map<String, String> settings, Place.Network places) {
    LocalCluster cluster =
        new LocalCluster(name, folder.path(), Build.launcher(), settings, places);
    clusters.add(cluster);
    return cluster;
  }

  /** One network for all; where there can be none the test is skipped, which says why. */
  ProxyNetwork network() throws IOException {
    if (network == null) {
      assumeTrue(ProxyNetwork.missing().isEmpty(), ProxyNetwork.missing());
      network = new ProxyNetwork();
    }
    return network;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) throws IOException {
    if (context.getExecutionException().isPresent()) {
      keepLogs(context);
    }
  }

  private void keepLogs(ExtensionContext context) throws IOException {
    NodeLogs.keep(
        clusters,
        Path.of("target", "node-logs")
            .resolve(context.getRequiredTestClass().getSimpleName())
            .resolve(context.getTestMethod().map(method -> method.getName()).orElse("start")));
  }

  @Override
  public void afterAll(ExtensionContext context) throws IOException, InterruptedException {
    try {
      if (context.getExecutionException().isPresent()) {
        keepLogs(context);
      }
    } finally {
      for (LocalCluster cluster : clusters) {
        cluster.close();
      }
      if (network != null) {
        network.close();
      }
      folder.close();
    }
  }
}
