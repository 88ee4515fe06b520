package io.sluice.it.containers;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;

/**
 * The network and the clusters of one test class: made once, removed at its end. When a test fails
 * the end of what each node said is printed.
 */
final class Stage
    implements BeforeAllCallback,
        AfterAllCallback,
        AfterTestExecutionCallback,
        LifecycleMethodExecutionExceptionHandler {
  private final Deque<SluiceCluster> clusters = new ArrayDeque<>();
  private TestNetwork network;
  private NetworkFaults faults;

  @Override
  public void beforeAll(ExtensionContext context) {
    network = TestNetwork.open();
    faults = new NetworkFaults();
  }

  TestNetwork network() {
    return network;
  }

  NetworkFaults faults() {
    return faults;
  }

  /** A cluster on this class's network; started by {@link #start}. */
  SluiceCluster.Plan cluster(String name) {
    return SluiceCluster.named(name).on(network);
  }

  SluiceCluster start(SluiceCluster.Plan plan) throws Exception {
    SluiceCluster started = plan.start();
    clusters.push(started);
    return started;
  }

  @Override
  public void afterTestExecution(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      clusters.forEach(SluiceCluster::printEnds);
    }
  }

  @Override
  public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    clusters.forEach(SluiceCluster::printEnds);
    throw failure;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    while (!clusters.isEmpty()) {
      clusters.pop().close();
    }
    if (network != null) {
      network.close();
    }
  }
}
