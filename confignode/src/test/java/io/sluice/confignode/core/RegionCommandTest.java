package io.sluice.confignode.core;

import static io.sluice.confignode.core.Images.after;
import static io.sluice.confignode.core.Images.cluster;
import static io.sluice.confignode.core.Images.made;
import static io.sluice.confignode.core.Images.replicated;
import static io.sluice.confignode.core.Images.running;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where replicas are put, how they may move, and how nodes may leave. Bugs put back and seen here:
 * two changes of one region at once, a change without a majority that answers, the adding passed
 * over, a step done recorded for another change, a newcomer that is not Running, a region drained
 * while it is changed, a DataNode let go that holds replicas or that a change or a statement counts
 * on, one removed without copies or places elsewhere, a ConfigNode removed without asking who
 * lives, with half of the others alive or with itself counted, preferred leaders not spread at
 * creation or after a move.
 */
class RegionCommandTest {
  private static final ClusterImage FOUR = cluster(4);
  private static final ClusterImage ONE_EACH = made(after(FOUR, replicated("root.a", 1, 1, 2, 3)));
  private static final ClusterImage THREE_EACH =
      made(after(FOUR, replicated("root.a", 3, 1, 2, 3)));

  private static Region region(ClusterImage image, int id) {
    return image.databases().regions().get(id);
  }

  private static void refused(ClusterImage image, Command command, String text) {
    assertThatThrownBy(() -> command.decide(image, 0)).hasMessage(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void replicasAndPreferredLeadersAreSpreadEvenly(int factor) {
    ClusterImage image = after(FOUR, replicated("root.a", factor, 1, 2, 3, 4));
    image = after(image, replicated("root.b", factor, 1, 2, 3, 4));
    Map<Integer, Integer> replicas = new HashMap<>();
    Map<Integer, Integer> leads = new HashMap<>();
    for (Region region : image.databases().liveRegions()) {
      assertThat(region.replicas()).hasSize(factor).doesNotHaveDuplicates();
      region.replicas().forEach(node -> replicas.merge(node, 1, Integer::sum));
      leads.merge(region.replicas().get(0), 1, Integer::sum);
      assertThat(region.unconfirmed()).hasSize(factor);
    }
    assertThat(replicas.values()).containsOnly(2 * factor);
    assertThat(leads.values()).containsOnly(2);
  }

  @Test
  void anEmptyNodeGetsReplicasFirst() {
    ClusterImage image = after(ONE_EACH, replicated("root.b", 1, 1, 2, 3, 4));
    assertThat(image.databases().liveRegions().get(3).replicas()).containsExactly(4);
  }

  @Test
  void aReplicaMovesWithTheNewcomerFirst() {
    ClusterImage image = after(ONE_EACH, new RegionCommand.Migrate(0, 1, 4, running(1, 2, 3, 4)));
    image = after(image, advance(image, 0));
    assertThat(change(image, 0).step()).isEqualTo(RegionChange.Step.ADDING);
    assertThat(region(image, 0).replicas()).containsExactly(1);
    image = after(image, advance(image, 0));
    assertThat(change(image, 0).step()).isEqualTo(RegionChange.Step.REMOVING);
    assertThat(region(image, 0).replicas()).containsExactly(1, 4);
    RegionCommand.Advance last = advance(image, 0);
    image = after(image, last);
    assertThat(image.databases().changes()).isEmpty();
    assertThat(region(image, 0).replicas()).containsExactly(4);
    StaleReplica stale = new StaleReplica(region(image, 0).uuid(), 1);
    assertThat(image.databases().stale()).containsExactly(stale);
    assertThat(after(image, last, last).databases()).isEqualTo(image.databases());
    refused(
        image,
        new RegionCommand.Extend(0, 1, running(1, 2, 3, 4)),
        "DataNode 1 has yet to delete its former replica of region 0: try again in a moment");
    assertThat(after(image, new RegionCommand.ConfirmStale(stale)).databases().stale()).isEmpty();
  }

  @Test
  void theLeadIsPreferredWhereFewestAreLed() {
    ClusterImage image = after(ONE_EACH, new RegionCommand.Extend(0, 4, running(1, 2, 3, 4)));
    image = after(image, advance(image, 0));
    image = after(image, advance(image, 0));
    assertThat(region(image, 0).replicas()).containsExactly(1, 4);
    image = made(after(image, replicated("root.b", 1, 1, 2, 3, 4)));
    image = after(image, new RegionCommand.RemoveReplica(0, 1, running(1, 2, 3, 4)));
    image = after(image, advance(image, 0));
    assertThat(region(image, 0).replicas()).containsExactly(4);
  }

  @Test
  void aNewcomerThatLeadsFewerIsPreferredToTheFormerLeader() {
    ClusterImage image = made(after(ONE_EACH, replicated("root.b", 1, 1)));
    image = after(image, new RegionCommand.Extend(0, 4, running(1, 2, 3, 4)));
    image = after(image, advance(image, 0));
    image = after(image, advance(image, 0));
    assertThat(region(image, 0).replicas()).containsExactly(4, 1);
  }

  @Test
  void whatCannotBeMovedIsRefusedWithTheReason() {
    RegionCommand.Nodes all = running(1, 2, 3, 4);
    refused(ONE_EACH, new RegionCommand.Extend(9, 4, all), "Region 9 does not exist");
    refused(ONE_EACH, new RegionCommand.Extend(0, 9, all), "DataNode 9 does not exist");
    refused(ONE_EACH, new RegionCommand.Extend(0, 0, all), "DataNode 0 does not exist");
    refused(
        ONE_EACH,
        new RegionCommand.Extend(0, 1, all),
        "DataNode 1 holds a replica of region 0 already");
    refused(
        ONE_EACH,
        new RegionCommand.Extend(
            0, 4, new RegionCommand.Nodes(Images.ids(1, 2, 3), Images.ids(1, 2, 3, 4))),
        "DataNode 4 is not Running: it can be given no replica now");
    refused(
        ONE_EACH,
        new RegionCommand.RemoveReplica(0, 1, all),
        "DataNode 1 holds the only replica of region 0: EXTEND it to another DataNode first, or"
            + " MIGRATE it");
    refused(
        ONE_EACH,
        new RegionCommand.RemoveReplica(0, 2, all),
        "DataNode 2 holds no replica of region 0");
    refused(
        ONE_EACH,
        new RegionCommand.Migrate(0, 2, 4, all),
        "DataNode 2 holds no replica of region 0");
    refused(
        ONE_EACH,
        new RegionCommand.Migrate(0, 1, 4, running(2, 3, 4)),
        "region 0 has no majority of its replicas (DataNodes [1]) on DataNodes that answer: bring"
            + " them back first");
    ClusterImage changing = after(ONE_EACH, new RegionCommand.Migrate(0, 1, 4, all));
    refused(
        changing,
        new RegionCommand.Extend(0, 3, all),
        "region 0 is being changed (MIGRATE REGION 0 FROM 1 TO 4): wait until SHOW REGIONS shows"
            + " its replicas Running");
    ClusterImage unmade = after(FOUR, replicated("root.a", 1, 1, 2, 3));
    refused(
        unmade,
        new RegionCommand.Migrate(0, 1, 4, all),
        "region 0 is still being made on DataNodes [1]: try again");
    ClusterImage leaving = after(ONE_EACH, new RemovalCommand.RemoveDataNode(4, all));
    refused(
        leaving,
        new RegionCommand.Extend(0, 4, all),
        "DataNode 4 is being removed: it can be given no replica");
  }

  @Test
  void anAddingIsGivenUpByRemovingTheNewcomer() {
    RegionCommand.Nodes all = running(1, 2, 3, 4);
    ClusterImage image = after(ONE_EACH, new RegionCommand.Migrate(0, 1, 4, all));
    RegionCommand.Advance late = advance(image, 0);
    image = after(image, new RegionCommand.RemoveReplica(0, 4, running(1, 2, 3)));
    assertThat(change(image, 0).step()).isEqualTo(RegionChange.Step.REMOVING);
    assertThat(late.decide(image, 0)).as("of a change that is no more").isEmpty();
    image = after(image, advance(image, 0));
    assertThat(region(image, 0).replicas()).containsExactly(1);
    assertThat(image.databases().stale())
        .containsExactly(new StaleReplica(region(image, 0).uuid(), 4));
  }

  @Test
  void aDroppedDatabaseEndsChangesAndIsRemovedFromTheNewcomerToo() {
    ClusterImage image =
        after(
            ONE_EACH,
            new RegionCommand.Migrate(0, 1, 4, running(1, 2, 3, 4)),
            new DatabaseCommand.DeleteDatabases(List.of("root.a")));
    assertThat(image.databases().changes()).isEmpty();
    assertThat(region(image, 0).unconfirmed()).containsExactly(1, 4);
  }

  @Test
  void aDataNodeIsEmptiedBeforeItLeaves() {
    RegionCommand.Nodes all = running(1, 2, 3, 4);
    ClusterImage image = after(THREE_EACH, new RemovalCommand.RemoveDataNode(1, all));
    assertThat(image.nodes().removing()).containsExactly(1);
    assertThat(new RemovalCommand.DataNodeLeft(1).decide(image, 0)).isEmpty();
    while (image.databases().liveRegions().stream().anyMatch(r -> r.replicas().contains(1))) {
      List<RegionCommand.Migrate> moves = RegionSteps.drains(image, all, 2);
      assertThat(moves).hasSizeLessThanOrEqualTo(2).allMatch(move -> move.to() == 4);
      assertThat(image.databases().changes()).hasSizeLessThanOrEqualTo(2);
      for (RegionCommand.Migrate move : moves) {
        image = after(image, move);
      }
      for (RegionChange change : image.databases().changes().values()) {
        image = after(image, new RegionCommand.Advance(change));
      }
    }
    image = after(image, new RemovalCommand.DataNodeLeft(1));
    assertThat(image.nodes().dataNodes()).containsOnlyKeys(2, 3, 4);
    assertThat(image.nodes().removing()).isEmpty();
    assertThat(image.databases().stale()).isEmpty();
    refused(
        image,
        new NodeCommand.RegisterDataNode(
            "edge", java.util.Optional.of(Images.CLUSTER), Images.dataNode(1, 0)),
        "DataNode 1 was removed from this cluster: to let it join anew, start it with an empty"
            + " folder");
  }

  @Test
  void aDataNodeThatWasBeingGivenAReplicaStaysUntilThatIsUndone() {
    RegionCommand.Nodes all = running(1, 2, 3, 4);
    ClusterImage image =
        after(
            ONE_EACH,
            new RegionCommand.Migrate(0, 1, 4, all),
            new RemovalCommand.RemoveDataNode(4, all));
    assertThat(new RemovalCommand.DataNodeLeft(4).decide(image, 0)).isEmpty();
    image = after(image, advance(image, 0), new RemovalCommand.DataNodeLeft(4));
    assertThat(image.nodes().dataNodes()).containsOnlyKeys(1, 2, 3);
  }

  @Test
  void aDataNodeThatAStatementCountsOnStaysUntilItHasEnded() {
    ClusterImage image =
        after(
            cluster(3),
            Images.sink("s"),
            Images.create("p", "s"),
            new RemovalCommand.RemoveDataNode(2, running(1, 2, 3)));
    assertThat(new RemovalCommand.DataNodeLeft(2).decide(image, 0)).isEmpty();
    image = after(image, Images.end(image, true), new RemovalCommand.DataNodeLeft(2));
    assertThat(image.nodes().dataNodes()).containsOnlyKeys(1, 3);
  }

  @Test
  void aDataNodeThatCannotLeaveIsRefusedBeforeAnythingHappens() {
    RegionCommand.Nodes all = running(1, 2, 3, 4);
    refused(ONE_EACH, new RemovalCommand.RemoveDataNode(9, all), "DataNode 9 does not exist");
    refused(
        ONE_EACH,
        new RemovalCommand.RemoveDataNode(1, running(2, 3, 4)),
        "DataNode 1 cannot be removed: regions [0] have no majority of their replicas on DataNodes"
            + " that answer, their data could be lost. Bring the silent DataNodes back first");
    refused(
        THREE_EACH,
        new RemovalCommand.RemoveDataNode(1, running(1, 2, 3)),
        "DataNode 1 cannot be removed: regions [0, 1, 2] need 3 other Running DataNodes to keep"
            + " their number of replicas, 2 are there. Add a DataNode first");
    refused(
        cluster(1),
        new RemovalCommand.RemoveDataNode(1, running(1)),
        "DataNode 1 is the last one: it cannot be removed");
    assertThat(after(THREE_EACH, new RemovalCommand.RemoveDataNode(1, running(2, 3, 4))))
        .satisfies(image -> assertThat(image.nodes().removing()).containsExactly(1));
  }

  @Test
  void aConfigNodeLeavesWhileAMajorityStays() {
    ClusterImage three = cluster(0);
    for (int i = 1; i < 3; i++) {
      three =
          after(
              three,
              new NodeCommand.RegisterConfigNode(
                  "edge",
                  java.util.Optional.empty(),
                  new ConfigNodeMember(-1, new Address("c", i), new Address("c", 100 + i)),
                  List.of(0)));
    }
    refused(
        cluster(0),
        new RemovalCommand.RemoveConfigNode(0, Set.of(0)),
        "ConfigNode 0 is the last one: it cannot be removed");
    refused(
        three,
        new RemovalCommand.RemoveConfigNode(2, Set.of(0, 2)),
        "ConfigNode 2 cannot be removed: of the others [0, 1] only 1 answer, which is no majority."
            + " Bring them back or remove the dead ones first");
    ClusterImage image = after(three, new RemovalCommand.RemoveConfigNode(1, Set.of(0, 2)));
    assertThat(image.nodes().removing()).containsExactly(1);
    image = after(image, new RemovalCommand.ConfigNodeLeft(1));
    assertThat(image.nodes().configNodes()).containsOnlyKeys(0, 2);
  }

  private static RegionChange change(ClusterImage image, int region) {
    return image.databases().changes().get(region);
  }

  private static RegionCommand.Advance advance(ClusterImage image, int region) {
    return new RegionCommand.Advance(change(image, region));
  }
}
