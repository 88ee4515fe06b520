package io.sluice.confignode.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.status.StatusException;
import io.sluice.confignode.format.Proposal;
import io.sluice.confignode.format.SnapshotBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands, decided and replayed: the same records give the same image, through bytes too,
 * and what holds of an image holds of every image. A seed is one history.
 */
class ImageSimulationTest {
  private static final int COMMANDS = 120;
  private static final int HISTORIES = 750;

  @ParameterizedTest
  @ValueSource(longs = {1, 10_000, 20_000, 30_000})
  void sameRecordsSameImage(long firstSeed) throws IOException {
    for (long seed = firstSeed; seed < firstSeed + HISTORIES; seed++) {
      run(seed);
    }
  }

  private static void run(long seed) throws IOException {
    Random random = new Random(seed);
    ClusterImage image = Images.cluster(3);
    ClusterImage follower = image;
    Set<UUID> regionsEver = new HashSet<>();
    Set<Long> pipesEver = new HashSet<>();
    for (int i = 0; i < COMMANDS; i++) {
      Command command = anyCommand(random, image);
      List<Record> records;
      try {
        records = command.decide(image, Images.NOW_MS + i);
      } catch (StatusException e) {
        continue;
      }
      noteNew(image, records, regionsEver, pipesEver, seed);
      image = image.replay(records).nextRevision();
      Proposal proposal = new Proposal(new UUID(seed, i), 1, follower.revision(), records);
      Proposal read = Proposal.fromBytes(ByteBuffer.wrap(proposal.toBytes()), "entry");
      assertThat(read).as("seed %d", seed).isEqualTo(proposal);
      follower = follower.replay(read.records()).nextRevision();
      assertThat(follower).as("seed %d command %d %s", seed, i, command).isEqualTo(image);
      if (random.nextInt(20) == 0) {
        follower = SnapshotBytes.read(SnapshotBytes.of(follower), "snapshot");
        assertThat(follower).as("seed %d snapshot", seed).isEqualTo(image);
      }
      checkImage(image, seed);
    }
  }

  private static void noteNew(
      ClusterImage before, List<Record> records, Set<UUID> regions, Set<Long> pipes, long seed) {
    for (Record record : records) {
      if (record instanceof Record.RegionSet set
          && !before.databases().regions().containsKey(set.region().id())) {
        assertThat(regions.add(set.region().uuid())).as("seed %d", seed).isTrue();
      }
      if (record instanceof Record.PipeSet set
          && !before.pipes().pipes().containsKey(set.pipe().number())) {
        assertThat(pipes.add(set.pipe().number())).as("seed %d", seed).isTrue();
      }
    }
  }

  private static void checkImage(ClusterImage image, long seed) {
    for (Database database : image.databases().databases().values()) {
      assertThat(database.regionIds())
          .as("seed %d", seed)
          .allSatisfy(
              id ->
                  assertThat(image.databases().regions().get(id).phase())
                      .isEqualTo(Region.Phase.LIVE));
    }
    checkRegions(image, seed);
    Set<String> busy = new HashSet<>();
    for (PipeProcedure procedure : image.pipes().procedures().values()) {
      assertThat(busy.add(procedure.pipeName())).as("seed %d one statement a pipe", seed).isTrue();
      assertThat(image.pipes().pipes()).as("seed %d", seed).containsKey(procedure.pipeNumber());
    }
    for (Pipe pipe : image.pipes().pipes().values()) {
      assertThat(image.pipes().sinks()).as("seed %d", seed).containsKey(pipe.sink());
      assertThat(pipe.changedAt()).isLessThanOrEqualTo(image.pipes().version());
    }
  }

  private static void checkRegions(ClusterImage image, long seed) {
    Set<Integer> dataNodes = image.nodes().dataNodes().keySet();
    Set<Integer> all = new HashSet<>(dataNodes);
    all.addAll(image.nodes().configNodes().keySet());
    assertThat(all).as("seed %d", seed).containsAll(image.nodes().removing());
    assertThat(image.nodes().configNodes()).as("seed %d", seed).isNotEmpty();
    Set<Integer> parting = new HashSet<>();
    for (Region region : image.databases().regions().values()) {
      if (region.phase() == Region.Phase.PARTING) {
        parting.add(region.id());
      }
    }
    assertThat(image.databases().partings().keySet()).as("seed %d", seed).isEqualTo(parting);
    assertThat(image.databases().partings().values())
        .as("seed %d", seed)
        .allSatisfy(waits -> assertThat(waits.pipes()).isNotEmpty());
    for (Region region : image.databases().hostedRegions()) {
      assertThat(region.replicas()).as("seed %d", seed).isNotEmpty().doesNotHaveDuplicates();
      assertThat(dataNodes).as("seed %d", seed).containsAll(region.replicas());
      assertThat(region.replicas()).as("seed %d", seed).containsAll(region.unconfirmed());
    }
    for (RegionChange change : image.databases().changes().values()) {
      Region region = image.databases().regions().get(change.regionId());
      assertThat(region.phase()).as("seed %d", seed).isNotEqualTo(Region.Phase.DRAINING);
      if (change.takesIn()) {
        assertThat(region.replicas()).as("seed %d", seed).doesNotContain(change.to());
        assertThat(dataNodes).as("seed %d", seed).contains(change.to());
      } else {
        assertThat(region.replicas().stream().filter(node -> node != change.from()))
            .as("seed %d %s", seed, change)
            .isNotEmpty();
      }
    }
    for (StaleReplica stale : image.databases().stale()) {
      assertThat(dataNodes).as("seed %d", seed).contains(stale.dataNode());
      assertThat(image.databases().hostedRegions())
          .as("seed %d", seed)
          .noneMatch(
              region ->
                  region.uuid().equals(stale.region())
                      && region.replicas().contains(stale.dataNode()));
    }
  }

  private static Command anyCommand(Random random, ClusterImage image) {
    String name = "p" + random.nextInt(4);
    String sink = "s" + random.nextInt(3);
    TreeSet<Integer> targets = new TreeSet<>(image.nodes().dataNodes().keySet());
    long procedure = 1 + random.nextInt((int) image.pipes().nextProcedureId());
    return switch (random.nextInt(24)) {
      case 0 -> anyRegistration(random, image);
      case 1, 2 -> anyDatabase(random, image);
      case 3 ->
          new DatabaseCommand.DeleteDatabases(
              List.copyOf(image.databases().databases().keySet()).stream().limit(1).toList());
      case 4 ->
          new DatabaseCommand.ConfirmRegion(
              random.nextInt(image.databases().nextRegionId() + 1),
              1 + random.nextInt(3),
              Region.Phase.values()[random.nextInt(Region.Phase.values().length)]);
      case 5 -> Images.sink(sink);
      case 6 ->
          random.nextBoolean()
              ? new PipeSinkCommand.DropPipeSink(sink)
              : new PipeSinkCommand.AlterPipeSink(
                  sink,
                  new SinkOptions.Change(
                      Optional.empty(), Optional.of(random.nextLong(9)), Optional.empty()));
      case 7 -> new PipeCommand.BeginCreate(name, sink, random.nextLong(), true, targets);
      case 8 -> new PipeCommand.BeginStart(name, targets);
      case 9 -> new PipeCommand.BeginStop(name, targets);
      case 10 -> new PipeCommand.BeginDrop(name, targets);
      case 11 -> undo(image, procedure);
      case 12, 13, 14, 15 -> anyRegionCommand(random, image);
      case 16, 17 -> anyAdvance(random, image);
      case 18 -> anyRemoval(random, image);
      case 22, 23 ->
          new PartingCommand.Passed(
              random.nextInt(image.databases().nextRegionId() + 1),
              List.of(1L + random.nextInt((int) image.pipes().nextPipeNumber())));
      case 19 -> new UserCommand.SetPassword(Images.user("root", random.nextInt(9)));
      case 20 ->
          random.nextBoolean()
              ? new UserCommand.CreateUser(Images.user(name, random.nextInt(9)))
              : new UserCommand.DropUser(name);
      default -> new PipeCommand.End(procedure, random.nextBoolean());
    };
  }

  private static RegionCommand.Nodes anyNodes(Random random, ClusterImage image) {
    Set<Integer> up = new TreeSet<>(image.nodes().dataNodes().keySet());
    up.removeIf(node -> random.nextInt(5) == 0);
    Set<Integer> running = new TreeSet<>(up);
    running.removeIf(node -> random.nextInt(8) == 0);
    return new RegionCommand.Nodes(running, up);
  }

  private static Command anyRegionCommand(Random random, ClusterImage image) {
    int region = random.nextInt(image.databases().nextRegionId() + 1);
    int one = random.nextInt(image.nodes().nextId() + 1);
    int other = random.nextInt(image.nodes().nextId() + 1);
    RegionCommand.Nodes nodes = anyNodes(random, image);
    return switch (random.nextInt(4)) {
      case 0 -> new RegionCommand.Extend(region, one, nodes);
      case 1 -> new RegionCommand.RemoveReplica(region, one, nodes);
      case 2 -> new RegionCommand.Migrate(region, one, other, nodes);
      default -> {
        List<RegionCommand.Migrate> moves = RegionSteps.drains(image, nodes, 2);
        yield moves.isEmpty() ? new RegionCommand.Extend(region, one, nodes) : moves.get(0);
      }
    };
  }

  private static Command anyAdvance(Random random, ClusterImage image) {
    List<RegionChange> changes = List.copyOf(image.databases().changes().values());
    if (changes.isEmpty() || random.nextInt(4) == 0) {
      List<StaleReplica> stale = List.copyOf(image.databases().stale());
      return new RegionCommand.ConfirmStale(
          stale.isEmpty() ? new StaleReplica(new UUID(0, 0), 1) : stale.get(0));
    }
    return new RegionCommand.Advance(changes.get(random.nextInt(changes.size())));
  }

  private static Command anyRemoval(Random random, ClusterImage image) {
    int id = random.nextInt(image.nodes().nextId() + 1);
    return switch (random.nextInt(4)) {
      case 0 -> new RemovalCommand.RemoveDataNode(id, anyNodes(random, image));
      case 1 -> new RemovalCommand.RemoveConfigNode(id, image.nodes().configNodes().keySet());
      case 2 -> new RemovalCommand.ConfigNodeLeft(id);
      default ->
          new RemovalCommand.DataNodeLeft(
              image.nodes().removing().isEmpty() ? id : image.nodes().removing().first());
    };
  }

  private static Command undo(ClusterImage image, long id) {
    PipeProcedure procedure = image.pipes().procedures().get(id);
    boolean never = procedure != null && procedure.operation() == PipeProcedure.Operation.DROP;
    return never ? new PipeCommand.End(id, false) : new PipeCommand.TurnToUndo(id, new TreeSet<>());
  }

  private static Command anyRegistration(Random random, ClusterImage image) {
    int id = random.nextInt(5) - 1;
    int step = random.nextInt(6);
    return random.nextInt(4) == 0
        ? new NodeCommand.RegisterConfigNode(
            "edge",
            Optional.empty(),
            new ConfigNodeMember(-1, new Address("h", step), new Address("h", 100 + step)),
            List.of(0))
        : new NodeCommand.RegisterDataNode(
            "edge", image.identity().map(Identity::clusterId), Images.dataNode(id, step));
  }

  private static Command anyDatabase(Random random, ClusterImage image) {
    List<Integer> nodes = new ArrayList<>(image.nodes().dataNodes().keySet());
    List<UUID> uuids = new ArrayList<>();
    nodes.forEach(node -> uuids.add(new UUID(random.nextLong(), random.nextLong())));
    String name = "root.d" + random.nextInt(3) + (random.nextBoolean() ? "" : ".x");
    nodes.removeAll(image.nodes().removing());
    return new DatabaseCommand.CreateDatabase(
        name, random.nextBoolean(), 1 + random.nextInt(3), nodes, uuids);
  }
}
