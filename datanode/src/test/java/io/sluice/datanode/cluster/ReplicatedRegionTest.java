package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.rpc.ChangeRegionMembersReq;
import io.sluice.common.rpc.CreateRegionReq;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.RegionPeer;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.SharedDevice;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.host.RegionOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.tsfile.enums.TSDataType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real regions of three replicas behind the routes of every node. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ReplicatedRegionTest {
  private static final String DEVICE = "root.v.d0";
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private ClusterOfRegions cluster;
  private UUID region;
  private final Map<String, String> written = new TreeMap<>();
  private long nextTime;

  @BeforeEach
  void open() throws Exception {
    cluster = new ClusterOfRegions(folder, 4, RegionOptions.DEFAULT);
    region = cluster.createRegion(cluster.nodes.subList(0, 3));
    cluster.leader(region);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void write(ClusterOfRegions.Node through, int rows) {
    for (int i = 0; i < rows; i++) {
      long time = nextTime++;
      ApplyResult result =
          through.routes.to(region).propose(Writes.row(DEVICE, "s0", time, time * 7)).join();
      assertThat(result).isInstanceOf(ApplyResult.Applied.class);
      written.put(DEVICE + ".s0 " + time, String.valueOf(time * 7));
    }
  }

  private void everyNodeReadsWhatWasWritten() throws Exception {
    for (ClusterOfRegions.Node node : cluster.nodes) {
      if (node.alive) {
        assertThat(node.points(region)).isEqualTo(written);
      }
    }
  }

  @Test
  void writesGoOnThroughAnyNodeWhenTheLeaderDies() throws Exception {
    cluster.nodes.forEach(node -> write(node, 10)); // also through one that holds no replica
    everyNodeReadsWhatWasWritten();

    ClusterOfRegions.Node leader = cluster.leader(region);
    leader.die();
    List<ClusterOfRegions.Node> others = cluster.nodes.stream().filter(node -> node.alive).toList();
    others.forEach(node -> write(node, 10));
    everyNodeReadsWhatWasWritten();

    assertThat(others.get(0).routes.to(region).flush().join())
        .isInstanceOf(ApplyResult.Applied.class);
    others.forEach(node -> write(node, 10));
    everyNodeReadsWhatWasWritten();
  }

  @Test
  void aFreshMemberIsFedSealedFilesAndLeadsWhenItIsAsked() throws Exception {
    for (int i = 0; i < 3; i++) {
      write(cluster.nodes.get(i), 20);
      assertThat(cluster.nodes.get(0).routes.to(region).flush().join())
          .isInstanceOf(ApplyResult.Applied.class);
    }
    write(cluster.nodes.get(0), 5);
    ClusterOfRegions.Node leader = cluster.leader(region);
    ClusterOfRegions.Node fresh = cluster.nodes.get(3);
    ClusterOfRegions.Node leaving =
        cluster.nodes.subList(0, 3).stream().filter(node -> node != leader).findFirst().get();
    List<ClusterOfRegions.Node> members =
        cluster.nodes.stream().filter(node -> node != leaving).toList();

    RegionInfo info = new RegionInfo(1, region.toString(), ClusterOfRegions.DATABASE, List.of(), 0);
    ClusterOfRegions.require(
        fresh.service.createRegion(new CreateRegionReq(info, List.of()).setJoins(true)));
    ClusterOfRegions.require(
        leader.service.changeRegionMembers(
            new ChangeRegionMembersReq(
                region.toString(),
                members.stream()
                    .map(node -> new RegionPeer(node.id, node.location().getRegionRaft()))
                    .toList())));
    ClusterOfRegions.require(leaving.service.deleteRegion(region.toString()));
    cluster.place(region, members);
    everyNodeReadsWhatWasWritten();

    ClusterOfRegions.require(leader.service.transferRegionLeader(region.toString(), fresh.id));
    Awaitility.await()
        .atMost(LONG)
        .untilAsserted(() -> assertThat(cluster.leaderNow(region)).contains(fresh));
    everyNodeReadsWhatWasWritten();
    cluster.nodes.forEach(node -> write(node, 5));
    everyNodeReadsWhatWasWritten();
  }

  @Test
  void aFileLoadedThroughAFollowerIsOnEveryReplica() throws Exception {
    write(cluster.nodes.get(0), 1);
    ClusterOfRegions.Node leader = cluster.leader(region);
    ClusterOfRegions.Node sender = cluster.nodes.get(3);
    byte[] bytes = new byte[3 << 20];
    Path file = Files.write(folder.resolve("piece"), bytes);
    RegionAccess access = sender.routes.to(region);
    access.stage(file, "piece-1.tsfile");
    int crc = DurableFiles.crc32c(file);
    assertThat(leader.hosted.find(region).get().loadFile("piece-1.tsfile", bytes.length, crc))
        .isPresent();

    LogEntry load =
        new LogEntry.LoadFile(
            new Source(UUID.randomUUID(), UUID.randomUUID()),
            null,
            new AppliedRecord(1, 1, 1),
            "piece-1.tsfile",
            bytes.length,
            crc,
            List.of(),
            new TimeRange(0, 1));
    assertThat(access.propose(load).join()).isInstanceOf(ApplyResult.Applied.class);
    for (ClusterOfRegions.Node node : cluster.nodes.subList(0, 3)) {
      Awaitility.await()
          .atMost(LONG)
          .until(
              () ->
                  node.hosted
                      .find(region)
                      .get()
                      .loadFile("piece-1.tsfile", bytes.length, crc)
                      .isPresent());
    }
  }

  private ApplyResult load(ClusterOfRegions.Node through, UUID sender, long index)
      throws Exception {
    Path file = piece(sender, index);
    LogEntry.LoadFile entry = entry(file, sender, index);
    RegionAccess access = through.routes.to(region);
    access.stage(file, entry.stagedName());
    return access.propose(entry).join();
  }

  private Path piece(UUID sender, long index) throws Exception {
    return Files.writeString(folder.resolve(sender + "-" + index), sender + " " + index);
  }

  private static LogEntry.LoadFile entry(Path file, UUID sender, long index) throws Exception {
    return new LogEntry.LoadFile(
        new Source(sender, sender),
        index == 1 ? null : new AppliedRecord(1, 1, index - 1),
        new AppliedRecord(1, 1, index),
        file.getFileName() + ".tsfile",
        Files.size(file),
        DurableFiles.crc32c(file),
        List.of(Writes.series(DEVICE, "s", TSDataType.INT64)),
        new TimeRange(index, index));
  }

  /** Seen failing with an outcome that loses it on its way from the leader. */
  @Test
  void sendersOfOneDeviceThroughDifferentNodesAreToldOfEachOther() throws Exception {
    UUID one = UUID.randomUUID();
    UUID two = UUID.randomUUID();
    ClusterOfRegions.Node first = cluster.nodes.get(0);
    ClusterOfRegions.Node second = cluster.nodes.get(1);
    assertThat(load(first, one, 1)).matches(result -> sharedWith(result) == null);
    assertThat(load(second, two, 1)).matches(result -> one.equals(sharedWith(result)));
    assertThat(load(first, one, 2)).matches(result -> two.equals(sharedWith(result)));
    assertThat(load(first, one, 3)).matches(result -> sharedWith(result) == null);

    ClusterOfRegions.Node leader = cluster.leader(region);
    leader.die();
    cluster.leader(region);
    ClusterOfRegions.Node other = leader == second ? first : second;
    assertThat(load(other, two, 2)).matches(result -> one.equals(sharedWith(result)));
  }

  /**
   * Bug put back and seen: half a minute's patience with the dead leader. For as long as its heir
   * lacked the file the region had no leader.
   */
  @Test
  void whoLacksAFileWhenTheLeaderDiesHasItFromTheOtherSurvivorSoon() throws Exception {
    UUID sender = UUID.randomUUID();
    ClusterOfRegions.Node leader = cluster.leader(region);
    List<ClusterOfRegions.Node> survivors =
        cluster.nodes.subList(0, 3).stream().filter(node -> node != leader).toList();
    Region lacking = survivors.get(1).hosted.find(region).orElseThrow();
    Path file = piece(sender, 1);
    LogEntry.LoadFile entry = entry(file, sender, 1);
    for (ClusterOfRegions.Node node : List.of(leader, survivors.get(0))) {
      Path staging = node.hosted.find(region).orElseThrow().stagingFolder();
      new StagingFolder(staging).adopt(file, entry.stagedName());
    }
    leader.deaf = true;
    survivors.get(1).deaf = true;
    assertThat(leader.hosted.find(region).orElseThrow().propose(entry).join())
        .isInstanceOf(ApplyResult.Applied.class);
    Awaitility.await().atMost(LONG).until(() -> leader.unheard.get() > 0);
    leader.die();
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> entry.set().equals(lacking.record(entry.source())));
    survivors.get(1).deaf = false;
    assertThat(load(survivors.get(1), sender, 2)).isInstanceOf(ApplyResult.Applied.class);
  }

  private static UUID sharedWith(ApplyResult result) {
    SharedDevice shared = ((ApplyResult.Applied) result).shared();
    return shared == null ? null : shared.otherClusterId();
  }
}
