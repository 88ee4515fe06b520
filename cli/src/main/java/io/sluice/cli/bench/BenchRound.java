package io.sluice.cli.bench;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.iotdb.isession.SessionDataSet;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;

/**
 * One edge and one cloud from nothing: rows in, uploaded, checked, then a trickle. Confined to one
 * thread.
 */
final class BenchRound {
  private static final long ARRIVAL_MS_MAX = 300_000;
  private static final long POLL_MS = 50;
  private static final long TRICKLE_POLL_MS = 5;
  private static final int SAMPLES = 200;

  private final Workload workload;
  private final int clientThreads;
  private final int trickleRows;
  private final LocalNode.Launcher launcher;
  private final Path folder;
  private final Map<String, Double> figures = new LinkedHashMap<>();

  BenchRound(
      Workload workload,
      int clientThreads,
      int trickleRows,
      LocalNode.Launcher launcher,
      Path folder) {
    this.workload = workload;
    this.clientThreads = clientThreads;
    this.trickleRows = trickleRows;
    this.launcher = launcher;
    this.folder = folder;
  }

  /** A count or a value was not what had been written: there are no figures. */
  static final class WrongResultException extends Exception {
    WrongResultException(String message) {
      super(message);
    }
  }

  /** Figures by name; units are last in the names. */
  Map<String, Double> run() throws Exception {
    try (LocalCluster edge = new LocalCluster("edge", folder, launcher, Map.of());
        LocalCluster cloud = new LocalCluster("cloud", folder, launcher, Map.of())) {
      startTimed(edge, "edge");
      startTimed(cloud, "cloud");
      residentMemory(edge, "edge", "idle");
      ingest(edge);
      try (Client at = new Client(edge.clientPort(0));
          Client there = new Client(cloud.clientPort(0))) {
        at.session().executeNonQueryStatement("flush");
        requireCount(at, "edge");
        upload(at, there, edge, cloud);
        checkValues(there);
        figures.put("plain_copy_with_fsync_s", plainCopySeconds(edge));
        figures.put(
            "upload_to_copy_ratio",
            figures.get("upload_s") / figures.get("plain_copy_with_fsync_s"));
        trickle(at, there);
      }
      residentMemory(edge, "edge", "loaded");
      residentMemory(cloud, "cloud", "loaded");
      stopTimed(edge, "edge");
    }
    return figures;
  }

  /**
   * What a cluster's processes have worked so far: on a machine that others use as well it says
   * more than the clock.
   */
  private static double cpuSeconds(LocalCluster cluster) {
    return cluster.nodes().stream().mapToDouble(LocalNode::cpuSeconds).sum();
  }

  private void startTimed(LocalCluster cluster, String name)
      throws IOException, InterruptedException {
    long from = System.nanoTime();
    cluster.addConfigNode().start();
    long between = System.nanoTime();
    cluster.addDataNode().start();
    long to = System.nanoTime();
    figures.put(name + "_confignode_start_s", seconds(from, between));
    figures.put(name + "_datanode_start_s", seconds(between, to));
    figures.put(name + "_start_cpu_s", cpuSeconds(cluster));
  }

  private void stopTimed(LocalCluster cluster, String name) throws InterruptedException {
    List<LocalNode> nodes = cluster.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      long from = System.nanoTime();
      nodes.get(i).stop();
      figures.put(name + "_" + nodes.get(i).role() + "_stop_s", seconds(from, System.nanoTime()));
    }
  }

  private void residentMemory(LocalCluster cluster, String name, String when) throws IOException {
    for (LocalNode node : cluster.nodes()) {
      figures.put(
          name + "_" + node.role() + "_" + when + "_resident_mb", node.residentBytes() / 1e6);
    }
  }

  private void ingest(LocalCluster edge) throws Exception {
    int port = edge.clientPort(0);
    AtomicInteger nextDevice = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(clientThreads);
    try {
      List<Future<?>> writers = new ArrayList<>();
      double cpuFrom = cpuSeconds(edge);
      long from = System.nanoTime();
      for (int i = 0; i < clientThreads; i++) {
        writers.add(threads.submit(() -> write(port, nextDevice)));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
      figures.put("ingest_points_per_s", workload.points() / seconds(from, System.nanoTime()));
      figures.put("ingest_edge_cpu_s", cpuSeconds(edge) - cpuFrom);
    } finally {
      threads.shutdownNow();
    }
  }

  private Void write(int port, AtomicInteger nextDevice)
      throws IoTDBConnectionException, StatementExecutionException {
    try (Client client = new Client(port)) {
      for (int device = nextDevice.getAndIncrement();
          device < workload.devices();
          device = nextDevice.getAndIncrement()) {
        double[][] walk = workload.walk(device);
        for (int row = 0; row < workload.rows(); row += workload.tabletRows()) {
          client.session().insertTablet(workload.tablet(device, walk, row), true);
        }
      }
    }
    return null;
  }

  private void upload(Client edge, Client cloud, LocalCluster edgeNodes, LocalCluster cloudNodes)
      throws Exception {
    edge.session()
        .executeNonQueryStatement(
            "CREATE PIPESINK cloud AS IoTDB (ip='127.0.0.1',port="
                + cloudNodes.clientPort(0)
                + ")");
    double edgeCpuFrom = cpuSeconds(edgeNodes);
    double cloudCpuFrom = cpuSeconds(cloudNodes);
    long from = System.nanoTime();
    edge.session().executeNonQueryStatement("CREATE PIPE bench TO cloud");
    edge.session().executeNonQueryStatement("START PIPE bench");
    while (cloud.count() != workload.points()) {
      if (seconds(from, System.nanoTime()) * 1_000 > ARRIVAL_MS_MAX) {
        requireCount(cloud, "cloud");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    figures.put("upload_s", seconds(from, System.nanoTime()));
    figures.put("upload_edge_cpu_s", cpuSeconds(edgeNodes) - edgeCpuFrom);
    figures.put("upload_cloud_cpu_s", cpuSeconds(cloudNodes) - cloudCpuFrom);
  }

  private void requireCount(Client client, String side)
      throws WrongResultException, IoTDBConnectionException, StatementExecutionException {
    long count = client.count();
    if (count != workload.points()) {
      throw new WrongResultException(
          side + " holds " + count + " of " + workload.points() + " points");
    }
  }

  private void checkValues(Client cloud)
      throws WrongResultException, IoTDBConnectionException, StatementExecutionException {
    Random random = new Random(workload.seed());
    for (int i = 0; i < SAMPLES; i++) {
      int device = random.nextInt(workload.devices());
      int measurement = random.nextInt(workload.measurements());
      int row = random.nextInt(workload.rows());
      String query =
          "select "
              + Workload.measurement(measurement)
              + " from "
              + Workload.device(device)
              + " where time="
              + Workload.timeMs(row);
      try (SessionDataSet found = cloud.session().executeQueryStatement(query)) {
        double expected = workload.walk(device)[measurement][row];
        SessionDataSet.DataIterator at = found.iterator();
        if (!at.next() || at.getDouble(2) != expected) {
          throw new WrongResultException(query + " is not " + expected);
        }
      }
    }
  }

  /**
   * What the file system alone takes for the same sealed files: copied one by one, each with fsync.
   */
  private double plainCopySeconds(LocalCluster edge) throws IOException {
    Path home = edge.dataNodes().get(0).home();
    Path target = Files.createDirectories(folder.resolve("copy"));
    List<Path> files;
    try (Stream<Path> all = Files.walk(home.resolve("data"))) {
      files = all.filter(path -> path.toString().endsWith(".tsfile")).toList();
    }
    long from = System.nanoTime();
    int number = 0;
    for (Path file : files) {
      try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
          FileChannel out =
              FileChannel.open(
                  target.resolve(Integer.toString(number++)),
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.WRITE)) {
        long at = 0;
        while (at < in.size()) {
          at += in.transferTo(at, in.size() - at, out);
        }
        out.force(true);
      }
    }
    figures.put("sealed_files", (double) files.size());
    figures.put(
        "sealed_mb",
        Files.walk(target).filter(Files::isRegularFile).mapToLong(BenchRound::size).sum() / 1e6);
    return seconds(from, System.nanoTime());
  }

  private static long size(Path file) {
    return file.toFile().length();
  }

  /**
   * One row after another: from its acknowledgement on the edge to a query on the cloud that shows
   * it.
   */
  private void trickle(Client edge, Client cloud) throws Exception {
    double[] lagMs = new double[trickleRows];
    for (int row = 0; row < trickleRows; row++) {
      edge.session()
          .executeNonQueryStatement(
              "insert into root.trickle.d(time,v) values(" + (row + 1) + "," + row + ")");
      long from = System.nanoTime();
      while (!cloud.has("select v from root.trickle.d where time=" + (row + 1))) {
        if (seconds(from, System.nanoTime()) * 1_000 > ARRIVAL_MS_MAX) {
          throw new WrongResultException("row " + row + " of the trickle never arrived");
        }
        TimeUnit.MILLISECONDS.sleep(TRICKLE_POLL_MS);
      }
      lagMs[row] = seconds(from, System.nanoTime()) * 1_000;
    }
    Arrays.sort(lagMs);
    figures.put("trickle_lag_p50_ms", lagMs[trickleRows / 2]);
    figures.put("trickle_lag_p99_ms", lagMs[Math.min(trickleRows - 1, trickleRows * 99 / 100)]);
  }

  private static double seconds(long fromNs, long toNs) {
    return (toNs - fromNs) / 1e9;
  }

  /** A session of the published library, with its defaults. */
  private record Client(Session session) implements AutoCloseable {
    Client(int port) throws IoTDBConnectionException {
      this(
          new Session.Builder()
              .host("127.0.0.1")
              .port(port)
              .username("root")
              .password("root")
              .enableRedirection(false)
              .build());
      session.open();
    }

    long count() throws IoTDBConnectionException, StatementExecutionException {
      long sum = 0;
      try (SessionDataSet counts =
          session.executeQueryStatement("select count(*) from " + Workload.DATABASE + ".**")) {
        SessionDataSet.DataIterator at = counts.iterator();
        int columns = counts.getColumnNames().size();
        if (at.next()) {
          for (int column = 1; column <= columns; column++) {
            sum += at.getLong(column);
          }
        }
      }
      return sum;
    }

    boolean has(String query) throws IoTDBConnectionException, StatementExecutionException {
      try (SessionDataSet rows = session.executeQueryStatement(query)) {
        return rows.hasNext();
      }
    }

    @Override
    public void close() throws IoTDBConnectionException {
      session.close();
    }
  }
}
