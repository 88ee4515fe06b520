package io.sluice.kill;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.ConfigNode;
import io.sluice.confignode.ConfigNodeOptions;
import io.sluice.confignode.core.Address;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A ConfigNode in a process of its own. It is told on its standard input at which steps to halt and
 * answers on its standard output: {@code port=N} when it is up, {@code armed}, {@code image ...}.
 */
final class KilledConfigNode {
  /** System property: steps to halt at from the first moment on, joined by commas. */
  static final String ARMED = "sluice.kill.armed";

  /** What a process ends with that halted at a step. */
  static final int HALTED = 9;

  /** Elections within half a second, heartbeats often; a node stays Running for a whole test. */
  static final ConfigNodeOptions.Tuning QUICK =
      new ConfigNodeOptions.Tuning(100, 60_000, 2_000, 10_000, 250, 500, 60_000, 1_000, 1 << 20);

  private KilledConfigNode() {}

  /**
   * Folder, the port for other members' Raft servers (0: any), and the ports of ConfigNodes to join
   * if it does not found the cluster.
   */
  public static void main(String[] arguments) throws Exception {
    Set<String> armed = ConcurrentHashMap.newKeySet();
    armed.addAll(List.of(System.getProperty(ARMED, "").split(",")));
    List<Address> seeds =
        List.of(arguments).subList(2, arguments.length).stream()
            .map(port -> new Address("127.0.0.1", Integer.parseInt(port)))
            .toList();
    ConfigNode node =
        new ConfigNode(
            new ConfigNodeOptions(
                Path.of(arguments[0]),
                "edge",
                "127.0.0.1",
                0,
                Integer.parseInt(arguments[1]),
                seeds,
                10_000,
                1,
                0.05,
                QUICK),
            new SimpleMeterRegistry(),
            reached -> {
              if (armed.contains(Step.of(reached).toString())) {
                Runtime.getRuntime().halt(HALTED);
              }
            },
            MonotonicClock.SYSTEM,
            WallClock.SYSTEM);
    node.start();
    say("port=" + node.internal().port());
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.equals("image")) {
        var pipes = node.image().pipes();
        say("image " + pipes.version() + " " + pipes.procedures().values());
      } else {
        armed.clear();
        armed.addAll(List.of(line.split(",")));
        say("armed");
      }
    }
    // An end of its own: a class archive is written then.
    System.exit(0);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
