package io.sluice.confignode.core;

import static io.sluice.confignode.core.Images.NOW_MS;
import static io.sluice.confignode.core.Images.after;
import static io.sluice.confignode.core.Images.create;
import static io.sluice.confignode.core.Images.database;
import static io.sluice.confignode.core.Images.end;
import static io.sluice.confignode.core.Images.ids;
import static io.sluice.confignode.core.Images.procedure;
import static io.sluice.confignode.core.Images.sink;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Compression;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandTest {
  private static final ClusterImage CLUSTER = Images.cluster(2);
  private static final ClusterImage WITH_DATABASE = after(CLUSTER, database("root.a.b", 1, 2));
  private static final ClusterImage WITH_SINK = after(CLUSTER, sink("demo"));
  private static final ClusterImage CREATING = after(WITH_SINK, create("p", "demo"));
  private static final ClusterImage STOPPED = after(CREATING, end(CREATING, true));
  private static final ClusterImage STARTING =
      after(STOPPED, new PipeCommand.BeginStart("p", ids(1, 2)));
  private static final ClusterImage RUNNING = after(STARTING, end(STARTING, true));
  private static final ClusterImage DROPPING =
      after(RUNNING, new PipeCommand.BeginDrop("p", ids(1, 2)));
  private static final ClusterImage DROPPED = after(DROPPING, end(DROPPING, false));

  static Stream<Arguments> refusals() {
    UUID other = UUID.randomUUID();
    return Stream.of(
        refused(
            ClusterImage.EMPTY,
            Images.join("edge", 0),
            303,
            "the cluster is not founded yet, try again"),
        refused(
            CLUSTER,
            Images.join("cloud", 7),
            303,
            "cluster_name is cloud on this node and edge in the cluster it wants to join:"
                + " make them equal, or name other seed ConfigNodes"),
        refused(
            CLUSTER,
            new NodeCommand.RegisterDataNode("edge", Optional.of(other), Images.dataNode(1, 0)),
            303,
            "this node's data folder belongs to cluster "
                + other
                + ", the ConfigNode it asked to cluster "
                + Images.CLUSTER
                + " (edge): start it with another data folder or other seed ConfigNodes"),
        refused(
            CLUSTER,
            new NodeCommand.RegisterDataNode("edge", Optional.empty(), Images.dataNode(9, 9)),
            303,
            "DataNode 9 is not known to this cluster"),
        refused(
            WITH_DATABASE,
            Images.join("edge", 0),
            303,
            "DataNode 1 is registered with these addresses already (client 127.0.0.1:6667,"
                + " internal 127.0.0.1:10730): start it with its own data folder, or choose other"
                + " ports"),
        refused(
            WITH_DATABASE,
            database("root.a.b", 1),
            501,
            "root.a.b has already been created as database"),
        refused(
            WITH_DATABASE,
            database("root.a", 1),
            501,
            "some children of root.a have already been created as database"),
        refused(
            WITH_DATABASE,
            database("root.a.b.c", 1),
            501,
            "root.a.b has already been created as database"),
        refused(
            CLUSTER,
            new DatabaseCommand.CreateDatabase("root.x", false, 3, List.of(1), List.of(other)),
            301,
            "database root.x needs 3 Running DataNodes for data_replication_factor 3, 1 is there"),
        refused(
            CLUSTER,
            new DatabaseCommand.CreateDatabase("root.x", false, 4, List.of(1), List.of(other)),
            303,
            "data_replication_factor is 4: it must be from 1 to 3"),
        refused(
            CLUSTER,
            new DatabaseCommand.CreateDatabase("root.x", false, 0, List.of(1), List.of(other)),
            303,
            "data_replication_factor is 0: it must be from 1 to 3"),
        refused(
            CLUSTER,
            database("root.x"),
            301,
            "no DataNode is Running: database root.x would have no place for its data"),
        refused(
            WITH_DATABASE,
            new DatabaseCommand.DeleteDatabases(List.of("root.a.b", "root.nosuch")),
            508,
            "Path [root.nosuch] does not exist"),
        refused(
            WITH_DATABASE,
            new DatabaseCommand.SetTtl("root.nosuch", 1),
            500,
            "Path [root.nosuch] does not exist"),
        refused(
            WITH_DATABASE,
            new DatabaseCommand.SetTtl("root.a.b", -1),
            303,
            "TTL must be more than 0 ms"),
        refused(WITH_SINK, sink("demo"), 1106, "PIPESINK [demo] already exists in IoTDB."),
        refused(
            WITH_SINK,
            new PipeSinkCommand.CreatePipeSink("k", "Kafka", "127.0.0.1", 1),
            1106,
            "PIPESINK type Kafka is not supported, only IoTDB is"),
        refused(
            WITH_SINK,
            sink(""),
            1106,
            "the name of a PIPESINK has 1 to 60000 bytes, this one has 0"),
        refused(
            WITH_SINK, new PipeSinkCommand.DropPipeSink("x"), 1106, "PIPESINK [x] does not exist"),
        refused(
            STOPPED,
            new PipeSinkCommand.DropPipeSink("demo"),
            1106,
            "Can not drop PIPESINK [demo], because PIPE [p] is using it."),
        refused(
            CREATING,
            new PipeSinkCommand.DropPipeSink("demo"),
            1106,
            "Can not drop PIPESINK [demo], because PIPE [p] is using it."),
        refused(
            WITH_SINK,
            new PipeSinkCommand.AlterPipeSink("x", SinkOptions.Change.NONE),
            1106,
            "PIPESINK [x] does not exist"),
        refused(
            CREATING,
            new PipeSinkCommand.AlterPipeSink("demo", SinkOptions.Change.NONE),
            1106,
            "PIPE [p] has another statement under way, please retry."),
        refused(WITH_SINK, create("p", "nosuch"), 1107, "PIPESINK [nosuch] does not exist"),
        refused(
            STOPPED, create("p", "demo"), 1107, "PIPE [p] is STOP, please retry after drop it."),
        refused(
            RUNNING, create("p", "demo"), 1107, "PIPE [p] is RUNNING, please retry after drop it."),
        refused(
            DROPPED, create("p", "demo"), 1107, "PIPE [p] is DROP, please retry after drop it."),
        refused(
            DROPPED,
            new PipeCommand.BeginStart("p", ids(1)),
            1107,
            "PIPE [p] has been dropped and cannot be started again."),
        refused(
            DROPPED,
            new PipeCommand.BeginStop("p", ids(1)),
            1107,
            "PIPE [p] has been dropped and cannot be stopped again."),
        refused(
            WITH_SINK, new PipeCommand.BeginStart("p", ids(1)), 1107, "PIPE [p] does not exist"),
        refused(
            STARTING,
            new PipeCommand.BeginDrop("p", ids(1)),
            1107,
            "PIPE [p] has another statement under way, please retry."));
  }

  private static Arguments refused(ClusterImage image, Command command, int code, String text) {
    return Arguments.of(image, command, code, text);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusesWithCodeAndText(ClusterImage image, Command command, int code, String text) {
    StatusException refusal =
        catchThrowableOfType(StatusException.class, () -> command.decide(image, NOW_MS));
    assertThat(refusal).hasMessage(text);
    assertThat(refusal.code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "root,false", "rooted.a,false", "root.,false", "root..a,false", "root.*,false",
    "root.a*,false", "root.**,false", "root.`a,false", "root.1,false", "root.a b,false",
    "root.a,true", "root.a.b-c,true", "root.`a.b*`,true", "root.温度,true"
  })
  void checksDatabaseNames(String name, boolean legal) {
    StatusException refusal =
        catchThrowableOfType(
            StatusException.class, () -> database(name, 1).decide(CLUSTER, NOW_MS));
    if (legal) {
      assertThat(refusal).isNull();
    } else {
      assertThat(refusal.code()).isEqualTo(509);
      assertThat(refusal).hasMessageStartingWith(name + " is not a legal database name");
    }
  }

  @Test
  void nodeIdsCountUpOverBothKinds() {
    ClusterImage image = Images.cluster(2);
    assertThat(image.nodes().configNodes()).containsOnlyKeys(0);
    assertThat(image.nodes().dataNodes()).containsOnlyKeys(1, 2);
    image =
        after(
            image,
            new NodeCommand.RegisterConfigNode(
                "edge",
                Optional.empty(),
                new ConfigNodeMember(-1, new Address("h", 1), new Address("h", 2)),
                List.of(0)));
    assertThat(image.nodes().configNodes()).containsOnlyKeys(0, 3);
  }

  @Test
  void aJoinWhoseAnswerWasLostGetsTheSameId() {
    assertThat(after(CLUSTER, Images.join("edge", 1)).nodes().dataNodes()).containsOnlyKeys(1, 2);
    var joining =
        new NodeCommand.RegisterConfigNode(
            "edge",
            Optional.empty(),
            new ConfigNodeMember(-1, new Address("h", 1), new Address("h", 2)),
            List.of(0));
    assertThat(after(CLUSTER, joining, joining).nodes().configNodes()).containsOnlyKeys(0, 3);
  }

  @Test
  void anEmptiedConfigNodeThatIsAMemberIsNotTakenForItself() {
    var joining =
        new NodeCommand.RegisterConfigNode(
            "edge",
            Optional.empty(),
            new ConfigNodeMember(-1, new Address("127.0.0.1", 10710), new Address("h", 10720)),
            List.of(0));
    assertThat(catchThrowableOfType(StatusException.class, () -> joining.decide(CLUSTER, NOW_MS)))
        .hasMessageContaining("ConfigNode 0 is registered with these addresses already");
  }

  @Test
  void aRestartedDataNodeMayListenElsewhere() {
    ClusterImage image =
        after(
            CLUSTER,
            new NodeCommand.RegisterDataNode(
                "edge", Optional.of(Images.CLUSTER), Images.dataNode(1, 50)));
    assertThat(image.nodes().dataNodes().get(1).internal().port()).isEqualTo(10780);
    assertThat(image.catalogVersion()).isGreaterThan(CLUSTER.catalogVersion());
  }

  @Test
  void aDatabaseGetsARegionPerNodeAndARecreatedOneAHigherGeneration() {
    Database first = WITH_DATABASE.databases().databases().get("root.a.b");
    assertThat(first.regionIds()).containsExactly(0, 1);
    assertThat(WITH_DATABASE.databases().regions().get(1).replicas()).containsExactly(2);
    ClusterImage image =
        after(
            WITH_DATABASE,
            new DatabaseCommand.DeleteDatabases(List.of("root.a.b")),
            database("root.a.b", 1));
    Database second = image.databases().databases().get("root.a.b");
    assertThat(second.generation()).isGreaterThan(first.generation());
    assertThat(second.regionIds()).containsExactly(2);
    assertThat(image.databases().liveRegions()).extracting(Region::id).containsExactly(2);
    assertThat(image.databases().unfinishedRegions()).hasSize(3);
  }

  @Test
  void aTimeToLiveIsTheDatabasesAndGoesWithIt() throws StatusException {
    var set = new DatabaseCommand.SetTtl("root.a.b", 1_000);
    ClusterImage image = after(WITH_DATABASE, set);
    assertThat(image.databases().databases().get("root.a.b").ttlMs()).isEqualTo(1_000);
    assertThat(image.catalogVersion()).isGreaterThan(WITH_DATABASE.catalogVersion());
    assertThat(set.decide(image, NOW_MS)).isEmpty();
    ClusterImage unset = after(image, new DatabaseCommand.SetTtl("root.a.b", Database.NO_TTL));
    assertThat(unset.databases()).isEqualTo(WITH_DATABASE.databases());
    ClusterImage again =
        after(
            image,
            new DatabaseCommand.DeleteDatabases(List.of("root.a.b")),
            database("root.a.b", 1));
    assertThat(again.databases().databases().get("root.a.b").ttlMs()).isEqualTo(Database.NO_TTL);
  }

  @Test
  void aTimeToLiveIsSetForEveryDatabaseThatMatches() throws StatusException {
    ClusterImage image = after(WITH_DATABASE, database("root.c", 1));
    ClusterImage all = after(image, new DatabaseCommand.SetTtl("root.**", 7));
    assertThat(all.databases().databases().values())
        .extracting(Database::ttlMs)
        .containsExactly(7L, 7L);
    ClusterImage one = after(all, new DatabaseCommand.SetTtl("root.a.*", Database.NO_TTL));
    assertThat(one.databases().databases().get("root.a.b").ttlMs()).isEqualTo(Database.NO_TTL);
    assertThat(one.databases().databases().get("root.c").ttlMs()).isEqualTo(7);
  }

  @Test
  void anotherCreateIfNotExistsChangesNothing() throws StatusException {
    var again = new DatabaseCommand.CreateDatabase("root.a.b", true, 1, List.of(), List.of());
    assertThat(again.decide(WITH_DATABASE, NOW_MS)).isEmpty();
  }

  @Test
  void aDrainingRegionIsKnownUntilItsNodeConfirms() {
    ClusterImage image =
        after(WITH_DATABASE, new DatabaseCommand.DeleteDatabases(List.of("root.a.b")));
    // A late confirmation of the making is not one of the removal.
    image = after(image, new DatabaseCommand.ConfirmRegion(0, 1, Region.Phase.LIVE));
    assertThat(image.databases().regions()).containsOnlyKeys(0, 1);
    image = after(image, new DatabaseCommand.ConfirmRegion(0, 1, Region.Phase.DRAINING));
    assertThat(image.databases().regions()).containsOnlyKeys(1);
  }

  @Test
  void aPipeIsShownOnlyOnceItsCreateIsDone() {
    assertThat(CREATING.pipes().pipe("p")).isPresent();
    assertThat(CREATING.pipes().shownPipes()).isEmpty();
    assertThat(STOPPED.pipes().shownPipes())
        .extracting(Pipe::status)
        .containsExactly(Pipe.Status.STOP);
    assertThat(after(CREATING, end(CREATING, false)).pipes().pipes()).isEmpty();
  }

  @Test
  void eachStepRaisesTheVersionThatThePipeCarries() {
    for (List<ClusterImage> step :
        List.of(
            List.of(WITH_SINK, CREATING),
            List.of(CREATING, STOPPED),
            List.of(STOPPED, STARTING),
            List.of(STARTING, RUNNING),
            List.of(RUNNING, DROPPING),
            List.of(DROPPING, DROPPED))) {
      long before = step.get(0).pipes().version();
      assertThat(step.get(1).pipes().version()).isGreaterThan(before);
      assertThat(step.get(1).pipes().pipe("p").orElseThrow().changedAt())
          .isEqualTo(step.get(1).pipes().version());
    }
  }

  /** Otherwise DataNodes would not fetch the table again, and go on as before. */
  @Test
  void anAlteredSinkKeepsTheRestAndRaisesTheVersionOfItsPipes() {
    var limit = new SinkOptions.Change(Optional.empty(), Optional.of(5_000L), Optional.empty());
    var packed =
        new SinkOptions.Change(Optional.empty(), Optional.empty(), Optional.of(Compression.LZ4));
    ClusterImage altered =
        after(
            RUNNING,
            new PipeSinkCommand.AlterPipeSink("demo", limit),
            new PipeSinkCommand.AlterPipeSink("demo", packed));
    assertThat(altered.pipes().sinks().get("demo").options())
        .isEqualTo(new SinkOptions(Optional.empty(), 5_000, Compression.LZ4));
    assertThat(altered.pipes().version()).isEqualTo(RUNNING.pipes().version() + 2);
    Pipe pipe = altered.pipes().pipe("p").orElseThrow();
    assertThat(pipe.changedAt()).isEqualTo(altered.pipes().version());
    assertThat(pipe.status()).isEqualTo(Pipe.Status.RUNNING);
  }

  @Test
  void aFailedStartLeavesThePipeAsItWas() {
    var undo = new PipeCommand.TurnToUndo(procedure(STARTING).id(), ids(1));
    ClusterImage undoing = after(STARTING, undo);
    assertThat(procedure(undoing).step()).isEqualTo(PipeProcedure.Step.UNDOING);
    assertThat(procedure(undoing).done()).containsExactly(1);
    ClusterImage ended = after(undoing, end(undoing, false));
    assertThat(ended.pipes().pipe("p").orElseThrow().status()).isEqualTo(Pipe.Status.STOP);
    assertThat(ended.pipes().procedures()).isEmpty();

    ClusterImage again = after(RUNNING, new PipeCommand.BeginStart("p", ids(1)));
    assertThat(after(again, end(again, false)).pipes().pipe("p").orElseThrow().status())
        .isEqualTo(Pipe.Status.RUNNING);
  }

  @Test
  void aPipeShipsNothingFromTheBeginningOfItsDrop() {
    assertThat(DROPPING.pipes().pipe("p").orElseThrow().status()).isEqualTo(Pipe.Status.DROP);
    assertThat(DROPPED.pipes().pipe("p").orElseThrow().status()).isEqualTo(Pipe.Status.DROP);
    assertThat(after(DROPPING, end(DROPPING, true)).pipes().pipes()).isEmpty();
  }

  @Test
  void endingTwiceChangesNothing() throws StatusException {
    assertThat(end(STARTING, true).decide(RUNNING, NOW_MS)).isEmpty();
    assertThat(new PipeCommand.TurnToUndo(procedure(STARTING).id(), ids(1)).decide(RUNNING, NOW_MS))
        .isEmpty();
  }

  @Test
  void aRecreatedPipeHasAHigherNumber() {
    ClusterImage gone = after(DROPPING, end(DROPPING, true));
    ClusterImage again = after(gone, create("p", "demo"));
    assertThat(again.pipes().pipe("p").orElseThrow().number())
        .isGreaterThan(RUNNING.pipes().pipe("p").orElseThrow().number());
  }

  @Test
  void usersAreMadeChangedAndDropped() {
    ClusterImage image = after(CLUSTER, new UserCommand.CreateUser(Images.user("ann", 1)));
    assertThat(image.catalogVersion()).isGreaterThan(CLUSTER.catalogVersion());
    ClusterImage changed = after(image, new UserCommand.SetPassword(Images.user("ann", 2)));
    assertThat(changed.users().get("ann")).isEqualTo(Images.user("ann", 2));
    ClusterImage rooted = after(changed, new UserCommand.SetPassword(Images.user("root", 3)));
    assertThat(rooted.users()).containsOnlyKeys("ann", "root");
    ClusterImage dropped = after(rooted, new UserCommand.DropUser("ann"));
    assertThat(dropped.users()).containsOnlyKeys("root");
    assertThat(dropped.catalogVersion()).isGreaterThan(rooted.catalogVersion());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "create | ann  | 805 | User ann already exists",
        "create | root | 805 | User root already exists",
        "create | ''   | 303 | the name of a user has 1 to 64 characters and is not blank",
        "drop   | root | 803 | Default administrator cannot be deleted",
        "drop   | bob  | 804 | User bob does not exist",
        "set    | bob  | 804 | User bob does not exist",
      })
  void wishesAboutUsersThatAreRefused(String what, String name, int code, String text) {
    ClusterImage image = after(CLUSTER, new UserCommand.CreateUser(Images.user("ann", 1)));
    Command command =
        switch (what) {
          case "create" -> new UserCommand.CreateUser(Images.user(name, 2));
          case "drop" -> new UserCommand.DropUser(name);
          default -> new UserCommand.SetPassword(Images.user(name, 2));
        };
    StatusException refusal =
        catchThrowableOfType(StatusException.class, () -> command.decide(image, NOW_MS));
    assertThat(refusal).hasMessage(text);
    assertThat(refusal.code()).isEqualTo(code);
  }
}
