package io.sluice.it.containers;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateNetworkCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network.Ipam;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;

/** A network of one test class, whose addresses are known and given out here. Thread-safe. */
final class TestNetwork implements AutoCloseable {
  private static final int ATTEMPTS_MAX = 5;

  /** Below it is the engine's own address, by which this process is on the network too. */
  private static final int FIRST_HOST = 10;

  private final Network network;
  private final String prefix;
  private final AtomicInteger next = new AtomicInteger(FIRST_HOST);

  private TestNetwork(Network network, String prefix) {
    this.network = network;
    this.prefix = prefix;
  }

  /** A network on a range that the engine finds free. */
  static TestNetwork open() {
    DockerException last = null;
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      String subnet = freeSubnet();
      String prefix = subnet.substring(0, subnet.indexOf('/')).replaceAll("\\.\\d+$", ".");
      try {
        Network made =
            Network.builder()
                .createNetworkCmdModifier(
                    command ->
                        command.withIpam(
                            new Ipam()
                                .withConfig(
                                    new Ipam.Config()
                                        .withSubnet(subnet)
                                        .withGateway(prefix + "1"))))
                .build();
        made.getId();
        return new TestNetwork(made, prefix);
      } catch (DockerException e) {
        last = e; // somebody else took the range meanwhile
      }
    }
    throw new IllegalStateException("no network to be had", last);
  }

  /** Fixed addresses need a range that was asked for: one is given, noted and asked for. */
  private static String freeSubnet() {
    DockerClient engine = DockerClientFactory.lazyClient();
    CreateNetworkCmd probe =
        engine
            .createNetworkCmd()
            .withName("sluice-probe-" + UUID.randomUUID())
            .withLabels(Map.of("org.testcontainers", "true"));
    String id = probe.exec().getId();
    try {
      return engine
          .inspectNetworkCmd()
          .withNetworkId(id)
          .exec()
          .getIpam()
          .getConfig()
          .get(0)
          .getSubnet();
    } finally {
      engine.removeNetworkCmd(id).exec();
    }
  }

  Network network() {
    return network;
  }

  /** An address nobody has. */
  String newAddress() {
    return prefix + next.getAndIncrement();
  }

  /** Where this process is on the network. */
  String ownAddress() {
    return prefix + "1";
  }

  @Override
  public void close() {
    network.close();
  }
}
