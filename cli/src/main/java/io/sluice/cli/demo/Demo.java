package io.sluice.cli.demo;

import io.sluice.cli.Cli;
import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.ScratchFolder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import picocli.CommandLine;

/** The whole demo: exits 0 when every row is on both sides, 1 otherwise. Confined to one thread. */
@CommandLine.Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "An edge and a cloud cluster on this machine, a pipe between them, every row compared.")
public final class Demo implements Callable<Integer> {
  private static final ZoneId ZONE = ZoneId.of("+08:00");
  private static final long ARRIVAL_MS_MAX = 120_000;
  private static final long POLL_MS = 100;
  private static final int DIFFERENCES_SHOWN_MAX = 10;
  private static final String EVERYTHING = "select ** from root";
  private static final String CSV_DEVICE = "root.readings.";

  private static final List<String> SCHEMA_AND_ROWS =
      List.of(
          "CREATE DATABASE root.vehicle;",
          "CREATE TIMESERIES root.vehicle.d0.s0 WITH DATATYPE=INT32, ENCODING=RLE;",
          "CREATE TIMESERIES root.vehicle.d0.s1 WITH DATATYPE=TEXT, ENCODING=PLAIN;",
          "CREATE TIMESERIES root.vehicle.d1.s2 WITH DATATYPE=FLOAT, ENCODING=RLE;",
          "CREATE TIMESERIES root.vehicle.d1.s3 WITH DATATYPE=BOOLEAN, ENCODING=PLAIN;",
          "insert into root.vehicle.d0(timestamp,s0) values(now(),10);",
          "insert into root.vehicle.d0(timestamp,s0,s1) values(now(),12,'12');",
          "insert into root.vehicle.d0(timestamp,s1) values(now(),'14');",
          "insert into root.vehicle.d1(timestamp,s2) values(now(),16.0);",
          "insert into root.vehicle.d1(timestamp,s2,s3) values(now(),18.0,true);",
          "insert into root.vehicle.d1(timestamp,s3) values(now(),false);",
          "flush;");

  @CommandLine.Option(
      names = "--csv",
      description = "A file of timestamp,value lines to send as well.")
  private Path csv;

  @CommandLine.Option(names = "--keep", description = "Leave the nodes' folders in place.")
  private boolean keep;

  private final PrintWriter out;
  private final LocalNode.Launcher launcher;
  private final Interference interference;

  /** What a test does to the clusters before the rows are compared. */
  @FunctionalInterface
  public interface Interference {
    Interference NONE = (edge, cloud) -> {};

    void beforeComparison(LocalCluster edge, LocalCluster cloud) throws Exception;
  }

  public Demo(PrintWriter out, LocalNode.Launcher launcher, Interference interference) {
    this.out = out;
    this.launcher = launcher;
    this.interference = interference;
  }

  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    System.exit(
        new CommandLine(new Demo(out, LocalNode.Launcher.fromSystem(), Interference.NONE))
            .execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (ScratchFolder folder = new ScratchFolder("sluice-demo")) {
      folder.keep();
      boolean equal = false;
      try {
        equal = run(folder.path());
      } catch (DemoFailedException e) {
        out.println("the demo stops: " + e.getMessage());
      }
      if (equal && !keep) {
        folder.forget();
      } else {
        out.println("the nodes' folders stay in " + folder.path());
      }
      return equal ? 0 : 1;
    }
  }

  private boolean run(Path folder) throws Exception {
    try (LocalCluster edge = new LocalCluster("edge", folder, launcher, Map.of());
        LocalCluster cloud = new LocalCluster("cloud", folder, launcher, Map.of())) {
      long startedNs = System.nanoTime();
      edge.start(1, 2);
      cloud.start(1, 2);
      out.printf(
          "edge and cloud run, 1 ConfigNode and 2 DataNodes each (%.1f s); folders, logs: %s%n%n",
          (System.nanoTime() - startedNs) / 1e9, folder);
      usageExample(edge, cloud);
      String series = csv == null ? null : sendCsv(edge, cloud);
      interference.beforeComparison(edge, cloud);
      return compare(edge, cloud, series);
    }
  }

  /** Section 7 of the reference page. */
  private void usageExample(LocalCluster edge, LocalCluster cloud)
      throws DemoFailedException, InterruptedException, IoTDBConnectionException {
    try (Walkthrough sender = new Walkthrough("edge", edge.clientPort(0), ZONE, out);
        Walkthrough receiver = new Walkthrough("cloud", cloud.clientPort(0), ZONE, out)) {
      sender.show("SHOW DATANODES;");
      sender.show(
          "CREATE PIPESINK my_iotdb AS IoTDB (IP='127.0.0.1',PORT=" + cloud.clientPort(0) + ");");
      sender.show(
          "CREATE PIPE p TO my_iotdb FROM (select ** from root where time>= 1648569600000);");
      sender.show("SHOW PIPE p;");
      sender.show("DROP PIPE p;");
      sender.show(
          "CREATE PIPE p TO my_iotdb FROM (select ** from root where time>='2022-03-30 00:00:00');");
      sender.show("START PIPE p;");
      sender.show("SHOW PIPE p;");
      for (String statement : SCHEMA_AND_ROWS) {
        sender.show(statement);
      }
      sender.show("select ** from root.vehicle;");
      awaitEqual(edge, cloud);
      receiver.show("select ** from root.vehicle;");
      receiver.show("SHOW PIPES;");
    }
  }

  /**
   * A second pipe without a start time, since the readings are older; answers the series the file
   * went to.
   */
  private String sendCsv(LocalCluster edge, LocalCluster cloud)
      throws DemoFailedException, InterruptedException, IoTDBConnectionException {
    String device =
        CSV_DEVICE
            + csv.getFileName().toString().replaceAll("\\.[^.]*$", "").replaceAll("\\W", "_");
    try (Walkthrough sender = new Walkthrough("edge", edge.clientPort(0), ZONE, out);
        Walkthrough receiver = new Walkthrough("cloud", cloud.clientPort(0), ZONE, out)) {
      sender.show("DROP PIPE p;");
      sender.show("CREATE PIPE history TO my_iotdb;");
      sender.show("START PIPE history;");
      out.println("./sluice import " + csv.getFileName() + " --into " + device + " --zone UTC");
      out.flush();
      int status =
          Cli.execute(
              "import",
              csv.toString(),
              "--into",
              device,
              "--zone",
              "UTC",
              "-p",
              Integer.toString(edge.clientPort(0)));
      if (status != 0) {
        throw new DemoFailedException("the import ended with status " + status);
      }
      awaitEqual(edge, cloud);
      sender.show("select count(*) from root.readings.**;");
      receiver.show("select count(*) from root.readings.**;");
      receiver.show("SHOW PIPES;");
    }
    return device + ".value";
  }

  private void awaitEqual(LocalCluster edge, LocalCluster cloud)
      throws InterruptedException, IoTDBConnectionException {
    long startedNs = System.nanoTime();
    while (!sameNow(edge, cloud)) {
      if (System.nanoTime() - startedNs > TimeUnit.MILLISECONDS.toNanos(ARRIVAL_MS_MAX)) {
        out.println("not everything has arrived after " + ARRIVAL_MS_MAX + " ms");
        return;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    out.printf("... everything has arrived (%.1f s)%n", (System.nanoTime() - startedNs) / 1e9);
  }

  private static boolean sameNow(LocalCluster edge, LocalCluster cloud)
      throws IoTDBConnectionException {
    try {
      AllRows sent = AllRows.read(edge.clientPort(0), EVERYTHING);
      return sent.points() > 0 && sent.equals(AllRows.read(cloud.clientPort(0), EVERYTHING));
    } catch (StatementExecutionException e) {
      return false;
    }
  }

  private boolean compare(LocalCluster edge, LocalCluster cloud, String csvSeries)
      throws IoTDBConnectionException, StatementExecutionException, IOException {
    AllRows sent = AllRows.read(edge.clientPort(0), EVERYTHING);
    AllRows received = AllRows.read(cloud.clientPort(1), EVERYTHING);
    List<String> differences = sent.differencesTo(received);
    out.println();
    out.printf("edge:  %d rows, %d points, digest %s%n", sent.rows(), sent.points(), sent.digest());
    out.printf(
        "cloud: %d rows, %d points, digest %s%n",
        received.rows(), received.points(), received.digest());
    report("edge and cloud", differences);
    boolean equal = differences.isEmpty() && sent.rows() > 0;
    if (csvSeries != null) {
      CsvOracle file = CsvOracle.read(csv);
      List<String> onEdge = file.differencesTo(sent, csvSeries);
      List<String> onCloud = file.differencesTo(received, csvSeries);
      out.printf("file:  %d time stamps in %s%n", file.values().size(), csv.getFileName());
      report("file and edge", onEdge);
      report("file and cloud", onCloud);
      equal &= onEdge.isEmpty() && onCloud.isEmpty() && !file.values().isEmpty();
    }
    out.println(equal ? "every row is on both sides" : "THE TWO SIDES DIFFER");
    return equal;
  }

  private void report(String sides, List<String> differences) {
    out.printf("differences between %s: %d%n", sides, differences.size());
    differences.stream().limit(DIFFERENCES_SHOWN_MAX).forEach(line -> out.println("  " + line));
  }
}
