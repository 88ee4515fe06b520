package io.sluice.confignode.core;

import static io.sluice.confignode.core.Images.after;
import static io.sluice.confignode.core.Images.cluster;
import static io.sluice.confignode.core.Images.create;
import static io.sluice.confignode.core.Images.database;
import static io.sluice.confignode.core.Images.end;
import static io.sluice.confignode.core.Images.ids;
import static io.sluice.confignode.core.Images.made;
import static io.sluice.confignode.core.Images.replicated;
import static io.sluice.confignode.core.Images.running;
import static io.sluice.confignode.core.Images.sink;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What becomes of a dropped database's regions while there are pipes. */
class PartingCommandTest {
  private static final ClusterImage TWO_PIPES = withPipe(withPipe(base(), "p"), "q");

  private static ClusterImage base() {
    return made(after(cluster(2), sink("s"), database("root.a", 1, 2)));
  }

  private static ClusterImage withPipe(ClusterImage image, String name) {
    ClusterImage begun = after(image, create(name, "s"));
    return after(begun, end(begun, true));
  }

  private static ClusterImage dropped(ClusterImage image) {
    return after(image, new DatabaseCommand.DeleteDatabases(List.of("root.a")));
  }

  private static PartingCommand.Passed passed(int region, Long... pipes) {
    return new PartingCommand.Passed(region, List.of(pipes));
  }

  private static Region.Phase phase(ClusterImage image, int region) {
    return image.databases().regions().get(region).phase();
  }

  @Test
  void withoutPipesTheRegionsGoAtOnce() {
    ClusterImage image = dropped(base());
    assertThat(image.databases().partings()).isEmpty();
    assertThat(phase(image, 0)).isEqualTo(Region.Phase.DRAINING);
  }

  @Test
  void theDatabaseIsGoneAtOnceAndItsRegionsWhenEveryPipeIsThrough() throws Exception {
    ClusterImage image = dropped(TWO_PIPES);
    assertThat(image.databases().databases()).isEmpty();
    assertThat(image.databases().liveRegions()).isEmpty();
    assertThat(image.databases().unfinishedRegions()).isEmpty();
    assertThat(image.databases().partings().get(0).pipes()).containsExactly(1L, 2L);
    assertThat(image.databases().partingFor(2)).extracting(Region::id).containsExactly(0, 1);

    image = after(image, passed(0, 2L));
    assertThat(image.databases().partings().get(0).pipes()).containsExactly(1L);
    assertThat(passed(0, 2L).decide(image, 0)).as("twice is once").isEmpty();
    assertThat(phase(image, 0)).isEqualTo(Region.Phase.PARTING);

    image = after(image, passed(0, 1L));
    assertThat(image.databases().partings()).containsOnlyKeys(1);
    assertThat(phase(image, 0)).isEqualTo(Region.Phase.DRAINING);
    assertThat(image.databases().regions().get(0).unconfirmed()).containsExactly(1);
    assertThat(passed(0, 1L).decide(image, 0)).isEmpty();
  }

  /** Bug put back and seen: only pipes that say they are through are let go. */
  @Test
  void aDroppedPipeIsWaitedForNoMore() {
    ClusterImage image = dropped(TWO_PIPES);
    image = after(image, new PipeCommand.BeginDrop("p", ids(1, 2)), passed(0));
    assertThat(image.databases().partings().get(0).pipes()).containsExactly(2L);
    image = after(image, end(image, true), passed(1), passed(1, 2L));
    assertThat(phase(image, 1)).isEqualTo(Region.Phase.DRAINING);
    assertThat(image.databases().partings()).containsOnlyKeys(0);
  }

  @Test
  void aDatabaseMadeAgainHasOtherRegions() {
    ClusterImage image = after(dropped(TWO_PIPES), database("root.a", 1));
    assertThat(image.databases().liveRegions()).extracting(Region::id).containsExactly(2);
    assertThat(image.databases().partings()).containsOnlyKeys(0, 1);
    image = dropped(image);
    assertThat(image.databases().partings()).containsOnlyKeys(0, 1, 2);
  }

  /** A node that leaves takes nothing unsent along: the moves go on, and begin, as with others. */
  @Test
  void aRegionThatPipesWaitForIsMovedOffANodeThatLeaves() {
    ClusterImage image = made(after(cluster(3), sink("s"), replicated("root.a", 1, 1)));
    image = withPipe(image, "p");
    image = dropped(image);
    RegionCommand.Nodes all = running(1, 2, 3);
    image = after(image, new RemovalCommand.RemoveDataNode(1, all));
    assertThat(RemovalCommand.ready(image, 1)).isFalse();
    List<RegionCommand.Migrate> moves = RegionSteps.drains(image, all, 2);
    assertThat(moves).hasSize(1);
    image = after(image, moves.get(0));
    int newcomer = image.databases().changes().get(0).newcomer();
    image = after(image, passed(0, 1L));
    assertThat(image.databases().changes()).isEmpty();
    assertThat(image.databases().regions().get(0).unconfirmed()).containsExactly(1, newcomer);
  }

  @Test
  void aSnapshotKeepsWhatIsWaitedFor() {
    ClusterImage image = after(dropped(TWO_PIPES), passed(0, 2L));
    assertThat(ClusterImage.EMPTY.replay(image.asRecords())).isEqualTo(image);
    assertThat(image.databases().partings().get(0).pipes()).isEqualTo(new TreeSet<>(List.of(1L)));
  }
}
