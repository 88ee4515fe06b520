package io.sluice.confignode.core;

import static io.sluice.confignode.core.Images.after;
import static io.sluice.confignode.core.Images.cluster;
import static io.sluice.confignode.core.Images.made;
import static io.sluice.confignode.core.Images.replicated;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.confignode.core.RegionSteps.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Who is taken for able to lead, and what a region at rest is asked for. Bugs put back and seen
 * here: an heir or a preferred leader whose Raft server has ended, the lead given to a laggard, to
 * a node that is not Running or not given back, members at other addresses not followed, replicas
 * moved from a leaving node to another that leaves.
 */
class RegionStepsTest {
  private static final ClusterImage IMAGE =
      made(after(cluster(4), replicated("root.a", 3, 1, 2, 3)));
  private static final Region REGION = IMAGE.databases().liveRegions().get(0);
  private static final int FIRST = REGION.replicas().get(0);
  private static final int SECOND = REGION.replicas().get(1);
  private static final int THIRD = REGION.replicas().get(2);
  private static final Set<Integer> ALL = Set.of(1, 2, 3, 4);

  /** With the members at the addresses recorded. */
  private static ReplicaSeen seen(int node, boolean leads, boolean running, long applied) {
    TreeMap<Integer, Address> members = new TreeMap<>();
    REGION
        .replicas()
        .forEach(id -> members.put(id, IMAGE.nodes().dataNodes().get(id).regionRaft()));
    return new ReplicaSeen(node, leads, 3, running, members, applied);
  }

  private static Action atRest(Set<Integer> running, ReplicaSeen... replicas) {
    return RegionSteps.atRest(IMAGE.nodes(), REGION, List.of(replicas), running);
  }

  @Test
  void theLeadIsGivenToThePreferredReplicaThatRunsOnAFreshNodeAndIsNotBehind() {
    ReplicaSeen leader = seen(SECOND, true, true, 5_000);
    assertThat(atRest(ALL, leader, seen(FIRST, false, true, 4_000)))
        .isEqualTo(new Action.TransferLeader(SECOND, FIRST));
    assertThat(atRest(ALL, leader, seen(FIRST, false, true, 3_999)))
        .as("too far behind")
        .isEqualTo(new Action.Rest());
    assertThat(atRest(ALL, leader, seen(FIRST, false, false, 5_000)))
        .as("its Raft server has ended")
        .isEqualTo(new Action.Rest());
    assertThat(atRest(Set.of(SECOND, THIRD), leader, seen(FIRST, false, true, 5_000)))
        .as("its node is not Running")
        .isEqualTo(new Action.Rest());
    assertThat(atRest(ALL, leader)).as("not seen at all").isEqualTo(new Action.Rest());
  }

  @Test
  void theHeirOfALeaderThatGoesIsTheFurthestThatRuns() {
    RegionChange change = RegionChange.remove(REGION.id(), FIRST, 0);
    ReplicaSeen leader = seen(FIRST, true, true, 900);
    assertThat(
            RegionSteps.next(
                REGION,
                change,
                List.of(leader, seen(SECOND, false, false, 900), seen(THIRD, false, true, 10))))
        .isEqualTo(new Action.TransferLeader(FIRST, THIRD));
    assertThat(
            RegionSteps.next(
                REGION,
                change,
                List.of(leader, seen(SECOND, false, true, 11), seen(THIRD, false, true, 10))))
        .isEqualTo(new Action.TransferLeader(FIRST, SECOND));
    assertThat(RegionSteps.next(REGION, change, List.of(leader, seen(SECOND, false, false, 900))))
        .isEqualTo(new Action.Wait("no other replica can lead"));
  }

  @Test
  void aMemberThatListensElsewhereByTheRecordIsToldToTheGroup() {
    List<ReplicaSeen> replicas = new ArrayList<>();
    replicas.add(seen(FIRST, true, true, 10));
    assertThat(RegionSteps.atRest(IMAGE.nodes(), REGION, replicas, ALL))
        .isEqualTo(new Action.Rest());
    TreeMap<Integer, Address> before = new TreeMap<>(replicas.get(0).members());
    before.put(THIRD, new Address("127.0.0.1", 1));
    replicas.set(0, new ReplicaSeen(FIRST, true, 3, true, before, 10));
    assertThat(RegionSteps.atRest(IMAGE.nodes(), REGION, replicas, ALL))
        .isEqualTo(new Action.ChangeMembers(FIRST, new TreeSet<>(REGION.replicas())));
  }

  @Test
  void whatLeavesOneNodeDoesNotGoToAnotherThatLeaves() {
    ClusterImage image = made(after(cluster(5), replicated("root.a", 3, 1, 2, 3)));
    RegionCommand.Nodes all = Images.running(1, 2, 3, 4, 5);
    image =
        after(
            image,
            new RemovalCommand.RemoveDataNode(4, all),
            new RemovalCommand.RemoveDataNode(1, all));
    assertThat(RegionSteps.drains(image, all, 2)).hasSize(2).allMatch(move -> move.to() == 5);
  }
}
