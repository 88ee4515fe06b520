package io.sluice.it.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;

/**
 * Breaks the network of single nodes with the kernel's own means, from a second container in the
 * node's network namespace: the nodes themselves have no right to. In effect until {@link #heal} or
 * until the node's container ends. Confined to one thread.
 */
final class NetworkFaults implements AutoCloseable {
  private static final long COMMAND_SECONDS_MAX = 60;
  private static final String OWN_LINK = "eth0";

  private final DockerClient engine = DockerClientFactory.lazyClient();
  private final Set<SluiceNode> touched = new LinkedHashSet<>();

  /** By node the engine's end of its link. */
  private final Map<SluiceNode, String> narrowed = new LinkedHashMap<>();

  /** Lets nothing through between the one and the others, in either direction, and tells nobody. */
  void cut(SluiceNode here, List<SluiceNode> others) {
    List<String> rules = new ArrayList<>();
    for (SluiceNode there : others) {
      rules.add("iptables -A INPUT -s " + there.address() + " -j DROP");
      rules.add("iptables -A OUTPUT -d " + there.address() + " -j DROP");
    }
    run(here, rules.toArray(String[]::new));
  }

  /** Refuses every connection to the node, as its machine does when nothing listens there. */
  void refuse(SluiceNode node) {
    run(node, "iptables -A INPUT -p tcp -j REJECT --reject-with tcp-reset");
  }

  /** Loses this share of the packets that reach the node, and of those that leave it. */
  void lose(SluiceNode node, double share) {
    String chance = " -m statistic --mode random --probability " + share + " -j DROP";
    run(node, "iptables -A INPUT" + chance, "iptables -A OUTPUT" + chance);
  }

  /** Packets that rules made here have swallowed at the node. */
  long dropped(SluiceNode node) {
    String counts =
        run(node, "iptables -L -v -x -n | awk '$3 == \"DROP\" { n += $1 } END { print n + 0 }'");
    return Long.parseLong(counts.strip());
  }

  /**
   * Lets no more than this reach the node. Shaped at the engine's end of the node's link: what the
   * node says to others, the test among them, is not slowed.
   */
  void narrow(SluiceNode node, int kilobitsPerSecond) {
    String link = run(node, "cat /sys/class/net/" + OWN_LINK + "/iflink").strip();
    String device =
        run("host", "ip -o link | sed -n 's/^" + link + ": \\([^@:]*\\).*/\\1/p'").strip();
    narrowed.put(node, device);
    run(
        "host",
        "tc qdisc replace dev "
            + device
            + " root tbf rate "
            + kilobitsPerSecond
            + "kbit burst 16kb latency 500ms");
  }

  /** How often a packet on its way to a node that {@link #narrow} concerns had to wait. */
  long held(SluiceNode node) {
    String told =
        run(
            "host",
            "tc -s qdisc show dev "
                + narrowed.get(node)
                + " | sed -n 's/.*overlimits \\([0-9]*\\).*/\\1/p' | head -1");
    return Long.parseLong(told.strip());
  }

  /** Everything gets through again. */
  void heal() {
    for (SluiceNode node : touched) {
      if (node.running()) {
        run(node, "iptables -F");
      }
    }
    touched.clear();
    for (String device : narrowed.values()) {
      // A node that has been restarted or moved meanwhile has a new link, which nobody narrowed.
      run("host", "tc qdisc del dev " + device + " root 2>/dev/null || true");
    }
    narrowed.clear();
  }

  @Override
  public void close() {
    heal();
  }

  private String run(SluiceNode node, String... commands) {
    touched.add(node);
    return run("container:" + node.id(), commands);
  }

  /**
   * Answers what was printed.
   *
   * @param network the engine's word for whose network the commands see
   */
  private String run(String network, String... commands) {
    List<String> words = new ArrayList<>(List.of("bash", "-ec", String.join("\n", commands)));
    String id =
        engine
            .createContainerCmd(TestImage.tools())
            .withLabels(Map.of("org.testcontainers", "true"))
            .withCmd(words)
            .withHostConfig(
                HostConfig.newHostConfig()
                    .withNetworkMode(network)
                    .withCapAdd(Capability.NET_ADMIN))
            .exec()
            .getId();
    try {
      engine.startContainerCmd(id).exec();
      int status =
          engine
              .waitContainerCmd(id)
              .start()
              .awaitStatusCode(COMMAND_SECONDS_MAX, TimeUnit.SECONDS);
      if (status != 0) {
        throw new IllegalStateException(words + " at " + network + ": " + said(id));
      }
      return said(id);
    } finally {
      engine.removeContainerCmd(id).withForce(true).exec();
    }
  }

  private String said(String id) {
    StringBuilder text = new StringBuilder();
    try {
      engine
          .logContainerCmd(id)
          .withStdErr(true)
          .withStdOut(true)
          .exec(
              new ResultCallback.Adapter<Frame>() {
                @Override
                public void onNext(Frame frame) {
                  text.append(new String(frame.getPayload(), StandardCharsets.UTF_8));
                }
              })
          .awaitCompletion(COMMAND_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return text.toString();
  }
}
