package io.sluice.cli.storm;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.time.ElapsedClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.tsfile.write.record.Tablet;

/**
 * One storm over two running clusters: the bulk goes into the edge, a pipe starts, nodes are killed
 * while it uploads and writers go on, and then each side must hold exactly what was acknowledged.
 * Confined to one thread.
 */
final class StormRun {
  private static final int BULK_THREADS = 2;
  private static final int LATER_SHARE = 2;
  private static final long LATER_PAUSE_MS = 50;
  private static final long ANSWER_MS_MAX = 60_000;
  private static final long STILL_MS_MAX = 180_000;
  private static final long AGREEMENT_MS_MAX = 90_000;
  private static final long POLL_MS = 500;
  private static final int DIFFERENCES_SHOWN_MAX = 20;
  private static final int ERRORS_SHOWN_MAX = 20;

  private final StormPlan plan;
  private final LocalCluster edge;
  private final LocalCluster cloud;
  private final Optional<Weather> weather;
  private final PrintWriter out;
  private final BulkRows bulk;
  private final BulkRows later;
  private final Refusals refusals = new Refusals();
  private final AtomicLong slowestAnswerMs = new AtomicLong();
  private final List<TrickleWriter> writers = new ArrayList<>();
  private final List<StatementClient> clients = new ArrayList<>();
  private final List<RegionMover> movers = new ArrayList<>();
  private final PipeTender tender;

  StormRun(
      StormPlan plan,
      LocalCluster edge,
      LocalCluster cloud,
      Optional<Weather> weather,
      PrintWriter out) {
    this.plan = plan;
    this.edge = edge;
    this.cloud = cloud;
    this.weather = weather;
    this.out = out;
    this.bulk = BulkRows.of("root.bulk", plan.seed(), plan.points());
    this.later = BulkRows.of("root.later", ~plan.seed(), plan.points() / LATER_SHARE);
    this.tender = new PipeTender("storm", "cloud", plan.seed(), clientAddresses(edge), refusals);
  }

  /**
   * Runs it.
   *
   * @return whether both sides hold exactly the acknowledged rows, and no client waited longer for
   *     an answer than anybody should
   */
  boolean run() throws Exception {
    long startedMs = ElapsedClock.SYSTEM.nowMs();
    load();
    out.printf("%d points are in the edge (%.1f s)%n", bulk.points(), secondsSince(startedMs));
    startPipe();
    underKills();
    boolean written = reportWriters();
    boolean truthful = reportStatements() & agree();
    long quietMs = ElapsedClock.SYSTEM.nowMs();
    boolean onCloud = holds("cloud", cloud, quietMs);
    boolean onEdge = holds("edge", edge, quietMs);
    refusals.byKind().forEach((kind, count) -> out.printf("  %6d x %s%n", count, kind));
    reportErrors();
    return written && truthful && onEdge && onCloud;
  }

  private static double secondsSince(long ms) {
    return (ElapsedClock.SYSTEM.nowMs() - ms) / 1e3;
  }

  private void load() throws Exception {
    AtomicInteger nextDevice = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(BULK_THREADS);
    try {
      List<Future<?>> loads = new ArrayList<>();
      for (int i = 0; i < BULK_THREADS; i++) {
        InetSocketAddress node = dataNode(edge, i);
        loads.add(threads.submit(() -> load(bulk, node, nextDevice, 0)));
      }
      for (Future<?> load : loads) {
        load.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** One of a cluster's, round and round. */
  private static InetSocketAddress dataNode(LocalCluster cluster, int number) {
    return cluster.dataNodes().get(number % cluster.dataNodes().size()).clientAddress();
  }

  private Void load(
      BulkRows bulk, InetSocketAddress dataNode, AtomicInteger nextDevice, long pauseMs)
      throws Exception {
    try (Insistence insistence = new Insistence(dataNode, refusals, slowestAnswerMs)) {
      for (int device = nextDevice.getAndIncrement();
          device < bulk.devices();
          device = nextDevice.getAndIncrement()) {
        boolean aligned = bulk.aligned(device);
        for (Tablet tablet : bulk.inWritingOrder(device)) {
          insistence.untilAcknowledged(client -> insert(client, tablet, aligned));
          TimeUnit.MILLISECONDS.sleep(pauseMs);
        }
      }
    }
    return null;
  }

  private static void insert(StormClient client, Tablet tablet, boolean aligned)
      throws IoTDBConnectionException, StatementExecutionException {
    if (aligned) {
      client.session().insertAlignedTablet(tablet, false);
    } else {
      client.session().insertTablet(tablet, false);
    }
  }

  private void startPipe() throws IoTDBConnectionException, StatementExecutionException {
    LocalNode sink = cloud.dataNodes().get(0);
    try (StormClient client = StormClient.at(dataNode(edge, 0))) {
      for (String statement :
          List.of(
              "CREATE PIPESINK cloud AS IoTDB (ip='%s',port=%d)"
                  .formatted(sink.place().front(), sink.port("dn_rpc_port")),
              "CREATE PIPESINK nowhere AS IoTDB (ip='127.0.0.1',port=1)",
              "CREATE PIPE storm TO cloud",
              "START PIPE storm")) {
        client.session().executeNonQueryStatement(statement);
      }
    }
  }

  private static List<InetSocketAddress> clientAddresses(LocalCluster cluster) {
    return cluster.dataNodes().stream().map(LocalNode::clientAddress).toList();
  }

  private void underKills() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < plan.writers(); i++) {
      Insistence insistence = new Insistence(dataNode(edge, i), refusals, slowestAnswerMs);
      TrickleWriter writer = new TrickleWriter(i, plan.seed(), insistence);
      writers.add(writer);
      threads.add(new Thread(writer, "writer-" + i));
    }
    UploadGauge gauge = new UploadGauge(dataNode(cloud, 1), bulk, refusals);
    threads.add(new Thread(gauge, "gauge"));
    for (int i = 0; i < plan.statementClients(); i++) {
      StatementClient client = new StatementClient(i, plan.seed(), clientAddresses(edge), refusals);
      clients.add(client);
      threads.add(new Thread(client, "statements-" + i));
    }
    if (plan.statementClients() > 0) {
      threads.add(new Thread(tender, "tender"));
    }
    if (plan.moves()) {
      for (LocalCluster cluster : List.of(edge, cloud)) {
        RegionMover mover = new RegionMover(cluster, plan.replicas(), plan.seed(), refusals);
        movers.add(mover);
        threads.add(new Thread(mover, "mover-" + cluster.name()));
      }
    }
    threads.forEach(Thread::start);
    ExecutorService loading = Executors.newSingleThreadExecutor();
    try {
      Future<?> load =
          loading.submit(() -> load(later, dataNode(edge, 0), new AtomicInteger(), LATER_PAUSE_MS));
      List<LocalNode> all = new ArrayList<>(edge.nodes());
      all.addAll(cloud.nodes());
      Killer killer = new Killer(all, plan.seed(), out, gauge, weather);
      killer.killAtLeast(plan.kills());
      out.printf(
          "%d kills, %d of them while the bulk was uploaded; %d blows of other kinds%n",
          killer.kills(), killer.killsWhileUploading(), killer.blows());
      load.get();
    } finally {
      loading.shutdownNow();
      writers.forEach(TrickleWriter::stop);
      clients.forEach(StatementClient::stop);
      movers.forEach(RegionMover::stop);
      tender.stop();
      gauge.stop();
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private boolean reportWriters() {
    long points = 0;
    boolean well = true;
    for (TrickleWriter writer : writers) {
      points += writer.devices().stream().mapToLong(TrickleRows::points).sum();
      if (writer.failure() != null) {
        well = false;
        out.println("A WRITER GAVE UP: " + writer.failure() + ": " + writer.failure().getCause());
      }
    }
    out.printf(
        "%d points acknowledged besides the %d; clients were refused or cut off %d times; "
            + "the slowest answer took %.1f s%n",
        points, bulk.points() + later.points(), refusals.total(), slowestAnswerMs.get() / 1e3);
    if (slowestAnswerMs.get() > ANSWER_MS_MAX) {
      well = false;
      out.println("A CLIENT WAITED FOR MORE THAN " + ANSWER_MS_MAX + " ms");
    }
    return well;
  }

  private boolean reportStatements() {
    boolean truthful = true;
    if (!clients.isEmpty()) {
      out.printf(
          "the pipe was stopped %d times and made again %d times%n",
          tender.stops(), tender.drops());
    }
    if (!movers.isEmpty()) {
      out.printf(
          "%d statements on regions were accepted%n",
          movers.stream().mapToInt(RegionMover::accepted).sum());
    }
    for (StatementClient client : clients) {
      out.println("answers to a client's statements: " + client.countByAnswer());
      for (String lie : client.lies()) {
        truthful = false;
        out.println("NOT TRUE: " + lie);
      }
    }
    return truthful;
  }

  /** Waits until all of the edge agree on the pipes, as far as the clients' answers allow. */
  private boolean agree() throws InterruptedException {
    List<PipeBelief> beliefs =
        clients.stream().flatMap(client -> client.touched().stream()).toList();
    List<String> differences = List.of("not asked");
    long startedMs = ElapsedClock.SYSTEM.nowMs();
    while (ElapsedClock.SYSTEM.nowMs() - startedMs < AGREEMENT_MS_MAX) {
      try {
        differences = PipeTables.differences(edge, beliefs);
      } catch (IoTDBConnectionException
          | StatementExecutionException
          | IOException
          | RuntimeException e) {
        differences = List.of(e.toString());
      }
      if (differences.isEmpty()) {
        out.printf(
            "the same pipe table everywhere, %.1f s after the last kill%n",
            secondsSince(startedMs));
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    out.println("PIPE TABLES DIFFER:");
    differences.stream().limit(DIFFERENCES_SHOWN_MAX).forEach(line -> out.println("  " + line));
    return false;
  }

  private void reportErrors() throws IOException {
    List<String> errors = new ArrayList<>(LoggedErrors.of(edge));
    errors.addAll(LoggedErrors.of(cloud));
    out.printf("%d lines of level ERROR in the nodes' logs%n", errors.size());
    errors.stream().limit(ERRORS_SHOWN_MAX).forEach(line -> out.println("  " + line));
  }

  /** Waits while anything still changes there. */
  private boolean holds(String side, LocalCluster cluster, long quietMs)
      throws InterruptedException {
    List<String> last = List.of();
    long changedMs = ElapsedClock.SYSTEM.nowMs();
    while (ElapsedClock.SYSTEM.nowMs() - changedMs < STILL_MS_MAX) {
      List<String> differences;
      try (StormClient client = StormClient.at(dataNode(cluster, 0))) {
        differences = differences(client);
      } catch (IoTDBConnectionException | StatementExecutionException | RuntimeException e) {
        differences = List.of(e.toString());
      }
      if (differences.isEmpty()) {
        out.printf(
            "%s: exactly the acknowledged points, %.1f s after all was written%n",
            side, secondsSince(quietMs));
        return true;
      }
      if (!differences.equals(last)) {
        changedMs = ElapsedClock.SYSTEM.nowMs();
        last = differences;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    out.println(side + " DIFFERS:");
    last.stream().limit(DIFFERENCES_SHOWN_MAX).forEach(line -> out.println("  " + line));
    return false;
  }

  private List<String> differences(StormClient client)
      throws IoTDBConnectionException, StatementExecutionException {
    List<TrickleRows> devices =
        writers.stream().flatMap(writer -> writer.devices().stream()).toList();
    List<String> differences = new ArrayList<>();
    long acknowledged = devices.stream().mapToLong(TrickleRows::points).sum();
    long trickled = client.count(TrickleWriter.DATABASE);
    if (trickled != acknowledged) {
      differences.add(TrickleWriter.DATABASE + " has " + trickled + " of " + acknowledged);
    }
    for (TrickleRows device : devices) {
      differences.addAll(device.differences(client));
    }
    differences.addAll(bulk.differences(client));
    differences.addAll(later.differences(client));
    return differences;
  }
}
