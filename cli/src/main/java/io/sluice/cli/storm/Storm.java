package io.sluice.cli.storm;

import io.sluice.cli.demo.AllRows;
import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.ScratchFolder;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;
import picocli.CommandLine;

/** The whole storm: exits 0 when both sides hold exactly the acknowledged rows, 1 otherwise. */
@CommandLine.Command(
    name = "storm",
    mixinStandardHelpOptions = true,
    description =
        "Kills nodes at random while rows are written and a pipe uploads, then compares every row.")
public final class Storm implements Callable<Integer> {
  private static final long ARRIVAL_MS_MAX = 180_000;
  private static final long POLL_MS = 500;
  private static final int DIFFERENCES_SHOWN_MAX = 20;

  @CommandLine.Option(
      names = "--kills",
      defaultValue = "20",
      description = "default ${DEFAULT-VALUE}")
  private int kills;

  @CommandLine.Option(names = "--seed", description = "whom and when; default: drawn and printed")
  private Long seed;

  @CommandLine.Option(
      names = "--devices",
      defaultValue = "6",
      description = "one writer each; default ${DEFAULT-VALUE}")
  private int devices;

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
    long drawn = seed == null ? System.nanoTime() % 1_000_000 : seed;
    out.println("seed " + drawn);
    try (ScratchFolder folder = new ScratchFolder("sluice-storm")) {
      folder.keep();
      boolean equal = run(folder.path(), drawn);
      if (equal && !keep) {
        folder.forget();
      } else {
        out.println("the nodes' folders stay in " + folder.path());
      }
      return equal ? 0 : 1;
    }
  }

  private boolean run(Path folder, long drawn) throws Exception {
    try (LocalCluster edge = new LocalCluster("edge", folder, launcher, Map.of());
        LocalCluster cloud = new LocalCluster("cloud", folder, launcher, Map.of())) {
      edge.start(1, 2);
      cloud.start(1, 2);
      startPipe(edge, cloud);
      List<RowWriter> writers = storm(edge, cloud, drawn);
      AllRows expected = expected(writers);
      out.printf(
          "%d rows acknowledged; clients were refused or cut off %d times%n",
          expected.points(), writers.stream().mapToInt(writer -> writer.failures().size()).sum());
      boolean onEdge = holds("edge", edge, expected);
      return holds("cloud", cloud, expected) && onEdge;
    }
  }

  private static void startPipe(LocalCluster edge, LocalCluster cloud)
      throws IoTDBConnectionException, StatementExecutionException {
    try (Session session = AllRows.session(edge.clientPort(0))) {
      session.open();
      session.executeNonQueryStatement("CREATE DATABASE root.storm");
      session.executeNonQueryStatement(
          "CREATE PIPESINK cloud AS IoTDB (ip='127.0.0.1',port=" + cloud.clientPort(0) + ")");
      session.executeNonQueryStatement("CREATE PIPE storm TO cloud");
      session.executeNonQueryStatement("START PIPE storm");
    }
  }

  private List<RowWriter> storm(LocalCluster edge, LocalCluster cloud, long drawn)
      throws Exception {
    List<RowWriter> writers = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < devices; i++) {
      RowWriter writer =
          new RowWriter(edge.clientPort(i % edge.dataNodes().size()), "root.storm.d" + i);
      writers.add(writer);
      Thread thread = new Thread(writer, "writer-" + i);
      threads.add(thread);
      thread.start();
    }
    List<LocalNode> all = new ArrayList<>(edge.nodes());
    all.addAll(cloud.nodes());
    Killer killer = new Killer(all, drawn, out);
    for (int i = 1; i <= kills; i++) {
      killer.kill(i, kills);
    }
    writers.forEach(RowWriter::stop);
    for (Thread thread : threads) {
      thread.join();
    }
    return writers;
  }

  private static AllRows expected(List<RowWriter> writers) {
    SortedMap<String, SortedMap<Long, String>> all = new TreeMap<>();
    for (RowWriter writer : writers) {
      SortedMap<Long, String> points = new TreeMap<>();
      writer.acknowledged().forEach((time, value) -> points.put(time, Long.toString(value)));
      all.put(writer.series(), points);
    }
    return new AllRows(all);
  }

  private boolean holds(String side, LocalCluster cluster, AllRows expected)
      throws InterruptedException {
    long startedNs = System.nanoTime();
    List<String> differences = List.of("nothing could be read");
    while (System.nanoTime() - startedNs < TimeUnit.MILLISECONDS.toNanos(ARRIVAL_MS_MAX)) {
      try {
        AllRows found = AllRows.read(cluster.clientPort(0), "select v from root.storm.**");
        differences = expected.differencesTo(found);
        if (differences.isEmpty()) {
          out.printf(
              "%s: %d rows, exactly the acknowledged ones, digest %s (%.1f s)%n",
              side, found.points(), found.digest(), (System.nanoTime() - startedNs) / 1e9);
          return true;
        }
      } catch (IoTDBConnectionException | StatementExecutionException e) {
        differences = List.of(e.toString());
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    out.printf("%s: %d DIFFERENCES (acknowledged | found)%n", side, differences.size());
    differences.stream().limit(DIFFERENCES_SHOWN_MAX).forEach(line -> out.println("  " + line));
    return false;
  }
}
