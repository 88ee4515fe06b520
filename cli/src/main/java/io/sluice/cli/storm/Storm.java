package io.sluice.cli.storm;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.Place;
import io.sluice.cli.local.ScratchFolder;
import io.sluice.cli.proxy.ProxyNetwork;
import io.sluice.cli.time.ElapsedClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** The whole storm: exits 0 when both sides hold exactly the acknowledged rows, 1 otherwise. */
@CommandLine.Command(
    name = "storm",
    mixinStandardHelpOptions = true,
    description =
        "Kills nodes at random while rows are written and a pipe uploads, then compares every row.")
public final class Storm implements Callable<Integer> {
  private static final int SEEDS = 1_000_000;

  @CommandLine.Option(
      names = "--kills",
      defaultValue = "20",
      description = "default ${DEFAULT-VALUE}")
  private int kills;

  @CommandLine.Option(
      names = "--points",
      defaultValue = "2000000",
      description = "in the edge before the pipe starts; default ${DEFAULT-VALUE}")
  private long points;

  @CommandLine.Option(
      names = "--seed",
      description = "whom, when and every value; default: drawn and printed")
  private Long seed;

  @CommandLine.Option(
      names = "--writers",
      defaultValue = "5",
      description = "that write small batches all the while; default ${DEFAULT-VALUE}")
  private int writers;

  @CommandLine.Option(
      names = "--config-nodes",
      defaultValue = "1",
      description = "a side; default ${DEFAULT-VALUE}")
  private int configNodes;

  @CommandLine.Option(
      names = "--data-nodes",
      defaultValue = "2",
      description = "a side; default ${DEFAULT-VALUE}")
  private int dataNodes;

  @CommandLine.Option(
      names = "--replicas",
      defaultValue = "1",
      description = "of each region; default ${DEFAULT-VALUE}")
  private int replicas;

  @CommandLine.Option(
      names = "--statement-clients",
      defaultValue = "0",
      description =
          "that issue pipe statements all the while and check each answer; with any, the pipe that"
              + " carries the rows is stopped, started and made again too; default ${DEFAULT-VALUE}")
  private int statementClients;

  @CommandLine.Option(
      names = "--weather",
      description =
          "Besides killing, hang nodes (SIGSTOP) and cut them off from each other; Linux.")
  private boolean weather;

  @CommandLine.Option(
      names = "--moves",
      description = "Move replicas of regions between DataNodes all the while.")
  private boolean moves;

  @CommandLine.Option(
      names = "--folder",
      description = "the nodes' folders are made in it; default: where temporary files go")
  private Path parent;

  @CommandLine.Option(names = "--keep", description = "Leave the nodes' folders in place.")
  private boolean keep;

  private final PrintWriter out;
  private final LocalNode.Launcher launcher;

  public Storm(PrintWriter out, LocalNode.Launcher launcher) {
    this.out = out;
    this.launcher = launcher;
  }

  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    System.exit(
        new CommandLine(new Storm(out, LocalNode.Launcher.fromSystem())).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    long drawn = seed == null ? ElapsedClock.SYSTEM.nowMs() % SEEDS : seed;
    out.println("seed " + drawn);
    try (ScratchFolder folder = scratch()) {
      folder.keep();
      boolean equal = run(folder.path(), plan(drawn));
      out.println(equal ? "nothing lost, nothing doubled" : "THE STORM FOUND SOMETHING");
      if (equal && !keep) {
        folder.forget();
      } else {
        out.println("the nodes' folders stay in " + folder.path());
      }
      return equal ? 0 : 1;
    }
  }

  private ScratchFolder scratch() throws IOException {
    return parent == null
        ? new ScratchFolder("sluice-storm")
        : new ScratchFolder(parent, "sluice-storm");
  }

  private StormPlan plan(long drawn) {
    return new StormPlan(kills, drawn, points, writers, statementClients, replicas, moves);
  }

  private boolean run(Path folder, StormPlan plan) throws Exception {
    if (!weather) {
      return run(folder, plan, Place.LOOPBACK, Optional.empty());
    }
    if (!ProxyNetwork.missing().isEmpty()) {
      throw new IOException("no weather here: " + ProxyNetwork.missing());
    }
    try (ProxyNetwork network = new ProxyNetwork()) {
      return run(folder, plan, network, Optional.of(network));
    }
  }

  private boolean run(
      Path folder, StormPlan plan, Place.Network places, Optional<ProxyNetwork> network)
      throws Exception {
    Map<String, String> settings = Map.of("data_replication_factor", Integer.toString(replicas));
    try (LocalCluster edge = new LocalCluster("edge", folder, launcher, settings, places);
        LocalCluster cloud = new LocalCluster("cloud", folder, launcher, settings, places)) {
      edge.start(configNodes, dataNodes);
      cloud.start(configNodes, dataNodes);
      return new StormRun(plan, edge, cloud, network.map(to -> new Weather(to, edge, cloud)), out)
          .run();
    }
  }
}
