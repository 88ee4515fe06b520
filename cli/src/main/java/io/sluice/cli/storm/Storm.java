package io.sluice.cli.storm;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.ScratchFolder;
import io.sluice.cli.time.ElapsedClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** The whole storm: exits 0 when both sides hold exactly the acknowledged rows, 1 otherwise. */
@CommandLine.Command(
    name = "storm",
    mixinStandardHelpOptions = true,
    description =
        "Kills nodes at random while rows are written and a pipe uploads, then compares every row.")
public final class Storm implements Callable<Integer> {
  private static final int DATA_NODES = 2;
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
      boolean equal = run(folder.path(), new StormPlan(kills, drawn, points, writers));
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

  private boolean run(Path folder, StormPlan plan) throws Exception {
    try (LocalCluster edge = new LocalCluster("edge", folder, launcher, Map.of());
        LocalCluster cloud = new LocalCluster("cloud", folder, launcher, Map.of())) {
      edge.start(1, DATA_NODES);
      cloud.start(1, DATA_NODES);
      return new StormRun(plan, edge, cloud, out).run();
    }
  }
}
