package io.sluice.it.containers;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.Volume;
import io.sluice.it.Meters;
import io.sluice.it.Sql;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * One node in one container, at an address that stays. Every method returns when what it says is
 * so. Confined to one thread.
 */
final class SluiceNode {
  static final int CLIENT_PORT = 6667;
  static final int INTERNAL_PORT = 10730;
  static final int CONFIG_PORT = 10710;

  private static final String HOME = "/var/lib/sluice";

  /** Of the image's user. */
  private static final int USER_ID = 990;

  private static final Duration START_MAX = Duration.ofMinutes(5);
  private static final int STOP_SECONDS_MAX = 60;
  private static final int CONNECT_MS_MAX = 1_000;
  private static final int METERS_PORT = 9092;
  private static final String HEAD_END = "\r\n\r\n";

  private final DockerClient engine = DockerClientFactory.lazyClient();
  private final TestNetwork network;
  private final Shape shape;
  private String address;
  private GenericContainer<?> container;

  /**
   * @param role standalone, confignode or datanode
   * @param settings parameters by key; {@code SLUICE_HEAP} and {@code SLUICE_DIRECT} too
   * @param memoryMb the container's
   * @param diskMb size of a disk of its own, in memory; 0 for the engine's
   * @param confFolder mounted in place of the image's; null for the image's
   */
  record Shape(
      String name,
      String role,
      Map<String, String> settings,
      int memoryMb,
      int diskMb,
      String confFolder) {}

  SluiceNode(TestNetwork network, Shape shape) {
    this.network = network;
    this.shape = shape;
    this.address = network.newAddress();
  }

  String name() {
    return shape.name();
  }

  String role() {
    return shape.role();
  }

  String address() {
    return address;
  }

  /** Makes the container where there is none, and starts it; returns when the node serves. */
  void start() {
    begin();
    awaitServing();
  }

  /** As {@link #start}, without waiting for the node. */
  void begin() {
    if (container == null) {
      container = newContainer();
      container.start();
    } else if (!running()) {
      engine.startContainerCmd(id()).exec();
    }
  }

  void awaitServing() {
    await(name() + " serves").atMost(START_MAX).until(this::serves);
  }

  private boolean serves() {
    if (!running()) {
      throw new AssertionError(name() + " has ended:\n" + container.getLogs());
    }
    int port = role().equals("confignode") ? CONFIG_PORT : CLIENT_PORT;
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), CONNECT_MS_MAX);
      return true;
    } catch (IOException e) {
      return false; // not yet
    }
  }

  private GenericContainer<?> newContainer() {
    Map<String, String> environment = new HashMap<>();
    shape.settings().forEach((key, value) -> environment.put(variable(key), value));
    if (!role().equals("standalone")) { // which listens for clients on whatever address it has
      environment.put("SLUICE_cn_internal_address", address);
      environment.put("SLUICE_dn_internal_address", address);
      environment.put("SLUICE_dn_rpc_address", address);
    }
    GenericContainer<?> made =
        new GenericContainer<>(DockerImageName.parse(TestImage.name()))
            .withImagePullPolicy(image -> false)
            .withNetwork(network.network())
            .withNetworkAliases(name())
            .withEnv(environment)
            .withCommand(role());
    return made.withCreateContainerCmdModifier(
        command -> {
          command
              // The tests look for themselves; the image's check starts a shell every few seconds.
              .withHealthcheck(new HealthCheck().withTest(List.of("NONE")))
              .withHostName(name())
              .withIpv4Address(address)
              .getHostConfig()
              .withMemory(shape.memoryMb() * 1_048_576L);
          if (shape.diskMb() > 0) {
            command
                .getHostConfig()
                .withTmpFs(Map.of(HOME, "rw,uid=" + USER_ID + ",size=" + shape.diskMb() + "m"));
          }
          if (shape.confFolder() != null) {
            command.getHostConfig().withBinds(new Bind(shape.confFolder(), new Volume("/conf")));
          }
        });
  }

  private static String variable(String key) {
    return key.startsWith("SLUICE_") ? key : "SLUICE_" + key;
  }

  /** Ends the process as a power cut would; the disk stays. */
  void kill() {
    engine.killContainerCmd(id()).exec();
    await().until(() -> !running());
  }

  /** Asks it to end, as {@code docker stop}; answers its exit status. */
  long stop() {
    engine.stopContainerCmd(id()).withTimeout(STOP_SECONDS_MAX).exec();
    return inspect().getState().getExitCodeLong();
  }

  /** Freezes it: connections stay, nothing answers. */
  void pause() {
    engine.pauseContainerCmd(id()).exec();
  }

  /** Ends {@link #pause}; nothing happens to a node that is not paused. */
  void resume() {
    if (container != null && Boolean.TRUE.equals(inspect().getState().getPaused())) {
      engine.unpauseContainerCmd(id()).exec();
    }
  }

  /** Leaves no byte of its disk free, for a node with a disk of its own. */
  void fillDisk() throws IOException, InterruptedException {
    run("dd", "if=/dev/zero", "of=" + HOME + "/filler", "bs=64k");
  }

  /** Takes back what {@link #fillDisk} took. */
  void freeDisk() throws IOException, InterruptedException {
    run("rm", "-f", HOME + "/filler");
  }

  /** Takes it off the network; its processes go on. */
  void unplug() {
    engine
        .disconnectFromNetworkCmd()
        .withNetworkId(network.network().getId())
        .withContainerId(id())
        .exec();
  }

  /** Puts it back at the address it had. */
  void plug() {
    plug(address);
  }

  /** Puts it on the network at another address, as a new lease would. */
  void plug(String newAddress) {
    engine
        .connectToNetworkCmd()
        .withNetworkId(network.network().getId())
        .withContainerId(id())
        .withContainerNetwork(
            new ContainerNetwork()
                .withIpamConfig(new ContainerNetwork.Ipam().withIpv4Address(newAddress))
                .withAliases(name()))
        .exec();
    address = newAddress;
  }

  boolean running() {
    return container != null && Boolean.TRUE.equals(inspect().getState().getRunning());
  }

  private InspectContainerResponse inspect() {
    return engine.inspectContainerCmd(id()).exec();
  }

  /** The container's, for its engine. */
  String id() {
    return container.getContainerId();
  }

  /** A session with this DataNode. */
  Sql sql() throws IoTDBConnectionException {
    return Sql.at(address, CLIENT_PORT);
  }

  /** What it tells Prometheus now, asked from inside: a standalone's metrics are its own affair. */
  Meters meters() throws IOException, InterruptedException {
    String host = role().equals("standalone") ? "127.0.0.1" : address;
    String get = "GET /metrics HTTP/1.0\\r\\n\\r\\n";
    String answer =
        run(
            "bash",
            "-c",
            "exec 3<>/dev/tcp/"
                + host
                + "/"
                + METERS_PORT
                + "; printf '"
                + get
                + "' >&3; timeout 5 cat <&3");
    return Meters.parse(answer.substring(answer.indexOf(HEAD_END) + HEAD_END.length()));
  }

  /** Runs a command inside; answers what it printed, whatever its status. */
  String run(String... command) throws IOException, InterruptedException {
    org.testcontainers.containers.Container.ExecResult result = container.execInContainer(command);
    return result.getStdout() + result.getStderr();
  }

  /** All of a log file of the node, also of one that has ended. */
  String log(String file) {
    return container.copyFileFromContainer(
        HOME + "/logs/" + role() + "/" + file,
        stream -> new String(stream.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
  }

  /** What its process printed. */
  String printed() {
    return container == null ? "" : container.getLogs();
  }

  /** Removes the container and its disk. */
  void remove() {
    if (container != null) {
      resume();
      container.stop();
      container = null;
    }
  }
}
