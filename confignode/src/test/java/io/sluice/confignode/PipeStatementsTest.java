package io.sluice.confignode;

import static io.sluice.confignode.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.NodeState;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.PipeDetailsResp;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeView;
import io.sluice.common.rpc.PipesResp;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.Region;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.thrift.TException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pipe statements over two DataNodes that are fakes behind real Thrift; exact texts. */
class PipeStatementsTest {
  private static final String NODE_2 =
      " on DataNode: {id=2, internalEndPoint=TEndPoint(ip:127.0.0.1, port:%d)}";

  @TempDir Path folder;
  private ConfigNode node;
  private TestClient client;
  private FakeDataNode one;
  private FakeDataNode two;

  @BeforeEach
  void start() throws Exception {
    // Long enough to be Unknown that a killed node stays Running for a whole test.
    startConfigNode(60_000);
    client = new TestClient(node.internal());
    one = new FakeDataNode();
    two = new FakeDataNode();
    client.register(one, "edge");
    client.register(two, "edge");
    ConfigNodeTest.awaitRunning(client, 2);
    assertThat(client.createSink("demo").getCode()).isEqualTo(200);
  }

  private void startConfigNode(int unknownAfterMs) throws Exception {
    startConfigNode(unknownAfterMs, 10_000);
  }

  private void startConfigNode(int unknownAfterMs, int callTimeoutMs) throws Exception {
    var tuning =
        new ConfigNodeOptions.Tuning(
            50, unknownAfterMs, callTimeoutMs, 10_000, 300, 600, 30_000, 1_000, 1 << 20);
    node =
        new ConfigNode(
            ConfigNodeOptions.founder(folder.resolve("cn"), "edge").withTuning(tuning),
            new SimpleMeterRegistry());
    node.start();
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    client.close();
    node.close();
  }

  private String onNodeTwo() {
    return String.format(NODE_2, two.port());
  }

  private void ok(Status status) {
    assertThat(status.getCode()).as(status.getMessage()).isEqualTo(200);
  }

  private void refused(Status status, int code, String text) {
    assertThat(status.getMessage()).isEqualTo(text);
    assertThat(status.getCode()).isEqualTo(code);
  }

  private Map<String, PipeStatus> shown() throws TException {
    Map<String, PipeStatus> shown = new java.util.LinkedHashMap<>();
    client
        .call(c -> c.getPipes(""))
        .getPipes()
        .forEach(view -> shown.put(view.getPipe().getName(), view.getPipe().getStatus()));
    return shown;
  }

  private void awaitUnknown(FakeDataNode dataNode) {
    await()
        .untilAsserted(
            () ->
                assertThat(client.call(c -> c.getClusterState()).getDataNodes())
                    .filteredOn(state -> state.getId() == dataNode.id)
                    .extracting(NodeState::getStatus)
                    .containsExactly(NodeStatus.UNKNOWN));
  }

  /** Both DataNodes have what the table says, and know that they do. */
  private void converged() {
    await()
        .untilAsserted(
            () -> {
              Map<String, PipeStatus> table = shown();
              assertThat(one.pipes()).isEqualTo(table);
              assertThat(two.pipes()).isEqualTo(table);
              assertThat(one.tableVersion()).isEqualTo(node.image().pipes().version());
              assertThat(two.tableVersion()).isEqualTo(node.image().pipes().version());
            });
    assertThat(node.image().pipes().procedures()).isEmpty();
  }

  @Test
  void aPipesLifeReachesEveryDataNode() throws Exception {
    ok(client.createPipe("p", "demo"));
    assertThat(shown()).containsExactly(Map.entry("p", PipeStatus.STOP));
    assertThat(one.pipes()).containsExactly(Map.entry("p", PipeStatus.STOP));
    assertThat(two.pipes()).containsExactly(Map.entry("p", PipeStatus.STOP));
    ok(client.call(c -> c.startPipe("p")));
    assertThat(shown()).containsExactly(Map.entry("p", PipeStatus.RUNNING));
    converged();
    ok(client.call(c -> c.stopPipe("p")));
    assertThat(shown()).containsExactly(Map.entry("p", PipeStatus.STOP));
    converged();
    ok(client.call(c -> c.dropPipe("p")));
    assertThat(shown()).isEmpty();
    converged();
    assertThat(two.told)
        .containsSubsequence("CREATE p", "START p", "STOP p", "DROP p")
        .doesNotContain("late");
  }

  @Test
  void aRecreatedPipeHasAHigherNumber() throws Exception {
    ok(client.createPipe("p", "demo"));
    long first = pipe("p").getPipe().getNumber();
    ok(client.call(c -> c.dropPipe("p")));
    ok(client.createPipe("p", "demo"));
    assertThat(pipe("p").getPipe().getNumber()).isGreaterThan(first);
  }

  private PipeView pipe(String name) throws TException {
    return client.call(c -> c.getPipes(name)).getPipes().get(0);
  }

  @Test
  void namesAndStatesAreCheckedWithTheTextsOfThePage() throws Exception {
    refused(client.createSink("demo"), 1106, "PIPESINK [demo] already exists in IoTDB.");
    refused(client.createPipe("p", "nosuch"), 1107, "PIPESINK [nosuch] does not exist");
    ok(client.createPipe("mypipe", "demo"));
    refused(
        client.call(c -> c.dropPipeSink("demo")),
        1106,
        "Can not drop PIPESINK [demo], because PIPE [mypipe] is using it.");
    refused(client.call(c -> c.dropPipeSink("nosuch")), 1106, "PIPESINK [nosuch] does not exist");
    refused(
        client.createPipe("mypipe", "demo"),
        1107,
        "PIPE [mypipe] is STOP, please retry after drop it.");
    ok(client.call(c -> c.startPipe("mypipe")));
    refused(
        client.createPipe("mypipe", "demo"),
        1107,
        "PIPE [mypipe] is RUNNING, please retry after drop it.");
    refused(client.call(c -> c.startPipe("nosuch")), 1107, "PIPE [nosuch] does not exist");
    refused(client.call(c -> c.stopPipe("nosuch")), 1107, "PIPE [nosuch] does not exist");
    refused(client.call(c -> c.dropPipe("nosuch")), 1107, "PIPE [nosuch] does not exist");
    PipesResp missing = client.call(c -> c.getPipes("nosuch"));
    refused(missing.getStatus(), 1107, "PIPE [nosuch] does not exist");
    refused(
        client.call(c -> c.getPipeSinks("nosuch")).getStatus(),
        1106,
        "PIPESINK [nosuch] does not exist");
  }

  @Test
  void startOfARunningAndStopOfAStoppedPipeSucceed() throws Exception {
    ok(client.createPipe("p", "demo"));
    ok(client.call(c -> c.stopPipe("p")));
    ok(client.call(c -> c.startPipe("p")));
    ok(client.call(c -> c.startPipe("p")));
    assertThat(two.told).containsSubsequence("START p", "START p").doesNotContain("STOP p");
    converged();
  }

  @Test
  void aRefusedConnectionFailsTheStatementAndUndoesIt() throws Exception {
    ok(client.createPipe("p_a", "demo"));
    ok(client.createPipe("p_b", "demo"));
    ok(client.createPipe("p_c", "demo"));
    ok(client.call(c -> c.startPipe("p_b")));
    converged();
    two.kill();

    refused(
        client.createPipe("p", "demo"),
        1107,
        "Fail to create PIPE [p] because Connection refused" + onNodeTwo() + ".");
    refused(
        client.call(c -> c.startPipe("p_a")),
        1107,
        "Fail to start PIPE [p_a] because Connection refused" + onNodeTwo() + ".");
    refused(
        client.call(c -> c.stopPipe("p_b")),
        1107,
        "Fail to stop PIPE [p_b] because Connection refused" + onNodeTwo() + ".");
    refused(
        client.call(c -> c.dropPipe("p_c")),
        1107,
        "Fail to DROP_PIPE because Fail to drop PIPE [p_c] because Connection refused"
            + onNodeTwo()
            + ". Please execute [DROP PIPE p_c] later to retry.");

    assertThat(one.told)
        .containsSubsequence(
            "CREATE p", "DROP p", "START p_a", "STOP p_a", "STOP p_b", "START p_b", "DROP p_c");
    assertThat(shown())
        .containsExactly(
            Map.entry("p_a", PipeStatus.STOP),
            Map.entry("p_b", PipeStatus.RUNNING),
            Map.entry("p_c", PipeStatus.DROP));
    await()
        .untilAsserted(
            () ->
                assertThat(one.pipes())
                    .containsEntry("p_a", PipeStatus.STOP)
                    .containsEntry("p_b", PipeStatus.RUNNING)
                    .doesNotContainKey("p"));
    refused(
        client.call(c -> c.startPipe("p_c")),
        1107,
        "PIPE [p_c] has been dropped and cannot be started again.");
    refused(
        client.call(c -> c.stopPipe("p_c")),
        1107,
        "PIPE [p_c] has been dropped and cannot be stopped again.");
    refused(
        client.createPipe("p_c", "demo"), 1107, "PIPE [p_c] is DROP, please retry after drop it.");

    two.comeBack();
    ok(client.call(c -> c.dropPipe("p_c")));
    assertThat(shown()).doesNotContainKey("p_c");
    converged();
  }

  @Test
  void everyNodeThatFailsIsNamedWithItsCause() throws Exception {
    one.refusal = new Status(1107, "No space left");
    two.kill();
    refused(
        client.createPipe("p", "demo"),
        1107,
        "Fail to create PIPE [p] because No space left on DataNode: {id=1,"
            + " internalEndPoint=TEndPoint(ip:127.0.0.1, port:"
            + one.port()
            + ")}, Connection refused"
            + onNodeTwo()
            + ".");
  }

  @Test
  void aHangingNodeIsBoundedByATimeoutAndWhatItDoesLateIsTakenBack() throws Exception {
    node.close();
    startConfigNode(60_000, 3_000);
    client.ask(node.internal());
    ConfigNodeTest.awaitRunning(client, 2);
    two.hang = new CountDownLatch(1);
    long startMs = System.nanoTime() / 1_000_000;
    refused(
        client.createPipe("p", "demo"),
        1107,
        "Fail to create PIPE [p] because Timeout" + onNodeTwo() + ".");
    assertThat(System.nanoTime() / 1_000_000 - startMs).isBetween(2_900L, 20_000L);
    assertThat(shown()).isEmpty();
    // A table made before the undoing may arrive after it and bring the stopped pipe back for a
    // moment.
    await().untilAsserted(() -> assertThat(one.pipes()).isEmpty());

    CountDownLatch hanging = two.hang;
    two.hang = null;
    hanging.countDown();
    await().untilAsserted(() -> assertThat(two.told).contains("CREATE p"));
    converged();
  }

  @Test
  void statementsOnOnePipeTakeTurnsOnOthersTheyDoNotWaitAndShowNeverDoes() throws Exception {
    ok(client.createPipe("p", "demo"));
    ok(client.createPipe("q", "demo"));
    converged();
    two.hang = new CountDownLatch(1);
    CompletableFuture<Status> start = async(() -> client.call(c -> c.startPipe("p")));
    await().until(() -> !node.image().pipes().procedures().isEmpty());
    CompletableFuture<Status> drop = async(() -> client.call(c -> c.dropPipe("p")));
    assertThat(shown()).hasSize(2);
    assertThat(start).isNotDone();
    assertThat(drop).isNotDone();

    CompletableFuture<Status> other = async(() -> client.call(c -> c.startPipe("q")));
    await().until(() -> node.image().pipes().procedures().size() == 2);
    CountDownLatch hanging = two.hang;
    two.hang = null;
    hanging.countDown();
    ok(start.get());
    ok(drop.get());
    ok(other.get());
    assertThat(shown()).containsExactly(Map.entry("q", PipeStatus.RUNNING));
    converged();
  }

  /** A call that may throw. */
  private interface Work<T> {
    T run() throws Exception;
  }

  private static <T> CompletableFuture<T> async(Work<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                result.complete(work.run());
              } catch (Exception e) {
                result.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
    return result;
  }

  @Test
  void aNodeThatRestartedEmptyOrJoinsLaterGetsTheWholeTable() throws Exception {
    ok(client.createPipe("p", "demo"));
    ok(client.call(c -> c.startPipe("p")));
    try (FakeDataNode three = new FakeDataNode()) {
      client.register(three, "edge");
      await()
          .untilAsserted(
              () -> assertThat(three.pipes()).containsExactly(Map.entry("p", PipeStatus.RUNNING)));
    }
  }

  @Test
  void healthIsTheWorstThatADataNodeReportsOfARunningPipe() throws Exception {
    ok(client.createPipe("p", "demo"));
    PipeInfo info = pipe("p").getPipe();
    one.reports = List.of(new PipeReport(info.getNumber(), PipeHealth.WARN, "slow"));
    two.reports = List.of(new PipeReport(info.getNumber(), PipeHealth.ERROR, "white list"));
    ok(client.call(c -> c.startPipe("p")));
    await()
        .untilAsserted(
            () -> {
              assertThat(pipe("p").getHealth()).isEqualTo(PipeHealth.ERROR);
              assertThat(pipe("p").getCause()).isEqualTo("white list");
            });
    ok(client.call(c -> c.stopPipe("p")));
    assertThat(pipe("p").getHealth()).isEqualTo(PipeHealth.NORMAL);
  }

  @Test
  void detailsAreAskedFromTheDataNodesNowAndASilentOneIsARow() throws Exception {
    ok(client.call(c -> c.createDatabase(new CreateDatabaseReq("root.a", false))));
    ok(client.createPipe("p", "demo"));
    ok(client.call(c -> c.startPipe("p")));
    List<Region> regions = node.image().databases().liveRegions();
    one.feeds =
        List.of(
            new FeedDetails(
                regions.get(0).uuid().toString(),
                "root.a",
                PipeHealth.NORMAL,
                "",
                new Endpoint("10.0.0.1", 6667),
                true,
                7,
                9,
                1,
                500,
                100));
    two.kill();
    PipeDetailsResp answer = client.call(c -> c.getPipeDetails("p"));
    ok(answer.getStatus());
    assertThat(answer.getPipe().getStatus()).isEqualTo(PipeStatus.RUNNING);
    assertThat(answer.getDetails()).hasSize(2);
    PipeDetail shipped = answer.getDetails().get(0);
    assertThat(shipped.getRegion()).isEqualTo(regions.get(0).id());
    assertThat(shipped.getDataNode().getId()).isEqualTo(1);
    assertThat(shipped.getFeed()).isEqualTo(one.feeds.get(0));
    PipeDetail silent = answer.getDetails().get(1);
    assertThat(silent.getDataNode().getId()).isEqualTo(2);
    assertThat(silent.isSetFeed()).isFalse();
    assertThat(silent.getHealth()).isEqualTo(PipeHealth.WARN);
    assertThat(silent.getMessage()).contains("DataNode 2 does not answer: Connection refused");
    refused(
        client.call(c -> c.getPipeDetails("nosuch")).getStatus(),
        1107,
        "PIPE [nosuch] does not exist");
  }

  @Test
  void unknownNodesAreLeftOutAndConvergeWhenTheyComeBack() throws Exception {
    node.close();
    startConfigNode(700);
    client.ask(node.internal());
    ConfigNodeTest.awaitRunning(client, 2);
    ok(client.createPipe("old", "demo"));
    converged();
    two.kill();
    awaitUnknown(two);
    ok(client.createPipe("p", "demo"));
    ok(client.call(c -> c.startPipe("p")));
    ok(client.call(c -> c.dropPipe("old")));
    two.comeBack();
    converged();
    assertThat(two.pipes()).containsExactly(Map.entry("p", PipeStatus.RUNNING));
  }

  /** Bug put back and seen: a leader to whom everybody is Unknown whom it has not heard itself. */
  @Test
  void aNodeThatDiedShortlyBeforeItsLeaderStillFailsStatements() throws Exception {
    await().untilAsserted(() -> assertThat(node.image().nodes().silent()).isEmpty());
    two.kill();
    node.close();
    startConfigNode(60_000);
    client.ask(node.internal());
    ConfigNodeTest.awaitRunning(client, 2);

    refused(
        client.createPipe("p", "demo"),
        1107,
        "Fail to create PIPE [p] because Connection refused" + onNodeTwo() + ".");
  }

  /** Bug put back and seen: a leader to whom nobody is Unknown. */
  @Test
  void aNewLeaderKnowsWhoWasUnknown() throws Exception {
    node.close();
    startConfigNode(700);
    client.ask(node.internal());
    ConfigNodeTest.awaitRunning(client, 2);
    two.kill();
    await().untilAsserted(() -> assertThat(node.image().nodes().silent()).containsExactly(two.id));
    node.close();
    startConfigNode(60_000);
    client.ask(node.internal());
    ConfigNodeTest.awaitRunning(client, 1);
    awaitUnknown(two);

    ok(client.createPipe("p", "demo"));

    two.comeBack();
    await().untilAsserted(() -> assertThat(node.image().nodes().silent()).isEmpty());
  }

  @Test
  void loadConfigurationNamesANodeThatCouldNot() throws Exception {
    ok(client.call(c -> c.loadConfiguration()));
    assertThat(one.told).contains("load configuration");
    two.takeRestart = List.of("dn_rpc_port is '1' in the files, but '2' until a restart");
    assertThat(client.call(c -> c.loadConfiguration()).getTakeRestart())
        .containsExactly("dn_rpc_port is '1' in the files, but '2' until a restart" + onNodeTwo());
    two.refusal = new Status(303, "ip_white_list is not a list of networks");
    refused(
        client.call(c -> c.loadConfiguration()),
        301,
        "Fail to load configuration because ip_white_list is not a list of networks"
            + onNodeTwo()
            + ".");
  }

  @Test
  void showVariablesSaysWhereNodesDiffer() throws Exception {
    one.settings = Map.of("ip_white_list", "10.0.0.0/8", "dn_rpc_port", "6667");
    two.settings = Map.of("ip_white_list", "127.0.0.1/32", "dn_rpc_port", "6668");
    assertThat(client.call(c -> c.getVariables()).getVariables())
        .containsEntry("ip_white_list", "10.0.0.0/8 on DataNode 1; 127.0.0.1/32 on DataNode 2")
        .doesNotContainKey("dn_rpc_port");
  }
}
