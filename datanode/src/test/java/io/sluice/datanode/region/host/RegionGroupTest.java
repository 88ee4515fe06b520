package io.sluice.datanode.region.host;

import static io.sluice.datanode.region.Writes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.ApplyResult.Unavailable;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.Writes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 600, unit = TimeUnit.SECONDS)
class RegionGroupTest {
  private static final String DEVICE = "root.x.d";

  /** Time stamps of rows that only fill the log. */
  private static final long WIDE = 1L << 40;

  private static final long ROWS = 5_000;

  @TempDir Path folder;
  private final UUID id = UUID.randomUUID();
  private Replicas nodes;

  @AfterEach
  void stop() {
    if (nodes != null) {
      nodes.close();
    }
  }

  private void startThree(long keptLogBytes) throws Exception {
    nodes = new Replicas(folder, Replicas.small(keptLogBytes));
    for (int node = 1; node <= 3; node++) {
      nodes.start(node);
    }
  }

  private void write(long from, long to) throws Exception {
    Region leader = nodes.leading(id);
    List<CompletableFuture<ApplyResult>> answers = new ArrayList<>();
    for (long i = from; i < to; i++) {
      answers.add(leader.propose(row(DEVICE, "s", i, i * 31)));
    }
    for (CompletableFuture<ApplyResult> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
    }
  }

  private static TreeMap<Long, Long> points(Region region) throws Exception {
    TreeMap<Long, Long> points = new TreeMap<>();
    try (RegionView view = region.view()) {
      for (SealedFile file : view.files()) {
        PointsFileWriter.read(file.path(), points);
      }
      points.putAll(Writes.inMemory(view, DEVICE, "s"));
    }
    points.tailMap(WIDE).clear();
    return points;
  }

  private void assertAllHold(int rows) throws Exception {
    nodes.awaitEqual(id);
    for (int node : nodes.running().keySet()) {
      assertThat(points(nodes.region(node, id))).as("node %s", node).hasSize(rows);
    }
  }

  @Test
  void whatTheLeaderAnsweredEveryReplicaHas() throws Exception {
    startThree(64 << 20);
    nodes.create(id, 1, 2, 3);
    write(0, 200);
    assertAllHold(200);
    int leader = nodes.awaitLeader(id);
    int other = leader % 3 + 1;
    assertThat(nodes.region(other, id).leader()).hasValue(leader);
    assertThat(nodes.region(other, id).leads()).isFalse();
    assertThat(nodes.region(other, id).propose(row(DEVICE, "s", 1, 1)).get())
        .isInstanceOf(Unavailable.class);
    assertThat(nodes.region(leader, id).state().members())
        .extracting(RegionMember::nodeId)
        .containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void aMinorityDownDoesNotStopWritesAndItsLogBringsItUp() throws Exception {
    startThree(64 << 20);
    nodes.create(id, 1, 2, 3);
    write(0, 100);
    nodes.stop(nodes.awaitLeader(id));
    write(100, 200);
    for (int node = 1; node <= 3; node++) {
      if (nodes.host(node) == null) {
        nodes.start(node);
      }
    }
    assertAllHold(200);
  }

  @Test
  void withoutAMajorityNothingIsAcknowledged() throws Exception {
    startThree(64 << 20);
    nodes.create(id, 1, 2, 3);
    write(0, 10);
    int leader = nodes.awaitLeader(id);
    for (int node = 1; node <= 3; node++) {
      if (node != leader) {
        nodes.stop(node);
      }
    }
    Region alone = nodes.region(leader, id);
    ApplyResult result = alone.propose(row(DEVICE, "s", 99, 99)).get();
    assertThat(result).isInstanceOf(Unavailable.class);
    await().atMost(Replicas.PATIENCE).until(() -> !alone.leads());
    assertThat(alone.readBarrier().get()).isInstanceOf(Unavailable.class);
  }

  @Test
  void aFreshMemberCopiesWhatTheLogHasNoMore() throws Exception {
    startThree(0);
    nodes.create(id, 1);
    write(0, 300);
    growLog();
    awaitPurge();
    nodes.host(2).join(id, "root.x");
    nodes.host(1).changeMembers(id, nodes.members(1, 2));
    assertThat(nodes.imagesCopied.get()).isPositive();
    nodes.host(3).join(id, "root.x");
    nodes.host(1).changeMembers(id, nodes.members(1, 2, 3));
    write(300, 400);
    assertAllHold(400);
  }

  /** More than one file of the log, and durable. */
  private void growLog() throws Exception {
    Region leader = nodes.leading(id);
    List<CompletableFuture<ApplyResult>> answers = new ArrayList<>();
    for (int i = 0; i < 14; i++) {
      answers.add(leader.propose(Writes.tablet("root.x.wide", WIDE + i * ROWS, (int) ROWS, 20)));
    }
    for (CompletableFuture<ApplyResult> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
    }
    assertThat(leader.flush().get(60, TimeUnit.SECONDS)).isInstanceOf(Applied.class);
  }

  private void awaitPurge() {
    Path log = nodes.folder(nodes.awaitLeader(id)).resolve("raft").resolve(id.toString());
    await()
        .atMost(Replicas.PATIENCE)
        .until(() -> LogRetention.segments(log).stream().noneMatch(one -> one.first() == 0));
  }

  @Test
  void aMemberThatMissedMoreThanTheLogKeepsCopiesTheImage() throws Exception {
    startThree(0);
    nodes.create(id, 1, 2, 3);
    write(0, 300);
    int away = nodes.awaitLeader(id) % 3 + 1;
    nodes.stop(away);
    growLog();
    awaitPurge();
    nodes.start(away);
    nodes.awaitEqual(id);
    assertThat(nodes.imagesCopied.get()).isPositive();
    write(300, 310);
    assertAllHold(310);
    nodes.stop(away);
    nodes.start(away);
    assertAllHold(310);
  }

  @Test
  void theLogStaysForALiveMemberThatIsBehind() throws Exception {
    startThree(64 << 20);
    nodes.create(id, 1, 2, 3);
    write(0, 300);
    int away = nodes.awaitLeader(id) % 3 + 1;
    nodes.stop(away);
    growLog();
    nodes.start(away);
    assertAllHold(300);
    assertThat(nodes.imagesCopied.get()).isZero();
  }

  @Test
  void theLeaderHandsOverAndIsRemoved() throws Exception {
    startThree(64 << 20);
    nodes.create(id, 1, 2, 3);
    write(0, 10);
    int leader = nodes.awaitLeader(id);
    int heir = leader % 3 + 1;
    nodes.host(leader).transferLeader(id, heir);
    await().atMost(Replicas.PATIENCE).until(() -> nodes.region(heir, id).leads());
    nodes.host(heir).changeMembers(id, nodes.members(heir, heir % 3 + 1));
    nodes.host(leader).delete(id);
    write(10, 20);
    assertThat(nodes.region(heir, id).readBarrier().get()).isInstanceOf(Applied.class);
    assertThat(points(nodes.region(heir, id))).hasSize(20);
  }
}
