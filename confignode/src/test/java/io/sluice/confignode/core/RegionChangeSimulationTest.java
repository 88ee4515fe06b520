package io.sluice.confignode.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.RegionSteps.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of regions that move while DataNodes come and go, answers get lost and another
 * ConfigNode takes over: nothing is kept between two steps but the image, so each step is a change
 * of leader. What must hold at any time: a group never loses its members, and a replica that takes
 * part is never deleted. After quiet: what is recorded is what is. A seed is one history.
 *
 * <p>Bugs put back and seen here: the old replica let go with the adding of the new one, the adding
 * passed over, the leader told to remove itself.
 */
class RegionChangeSimulationTest {
  private static final int HISTORIES = 500;
  private static final int STEPS = 200;
  private static final int NODES = 5;

  @ParameterizedTest
  @ValueSource(longs = {0, 10_000, 20_000, 30_000})
  void regionsEndUpWhereTheyAreRecorded(long firstSeed) {
    for (long seed = firstSeed; seed < firstSeed + HISTORIES; seed++) {
      new History(seed).run();
    }
  }

  /** One Raft group as its members have it. */
  private static final class Group {
    private final SortedSet<Integer> members;
    private final Set<Integer> made;
    private int leader = -1;
    private long term = 1;

    Group(SortedSet<Integer> members) {
      this.members = members;
      this.made = new TreeSet<>(members);
    }
  }

  private static final class History {
    private final long seed;
    private final Random random;
    private final Map<UUID, Group> groups = new HashMap<>();
    private final Set<Integer> down = new TreeSet<>();
    private ClusterImage image = Images.cluster(NODES);

    History(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      int factor = 1 + random.nextInt(3);
      image = Images.made(Images.after(image, Images.replicated("root.a", factor, 1, 2, 3, 4)));
      for (Region region : image.databases().liveRegions()) {
        groups.put(region.uuid(), new Group(new TreeSet<>(region.replicas())));
      }
    }

    void run() {
      for (int i = 0; i < STEPS; i++) {
        disturb();
        wish();
        work(random.nextInt(4) == 0);
      }
      down.clear();
      for (int i = 0; i < STEPS && !quiet(); i++) {
        work(false);
      }
      assertThat(image.databases().changes()).as("seed %d", seed).isEmpty();
      assertThat(image.databases().stale()).as("seed %d", seed).isEmpty();
      for (Region region : image.databases().liveRegions()) {
        Group group = groups.get(region.uuid());
        assertThat(group.members)
            .as("seed %d", seed)
            .containsExactlyInAnyOrderElementsOf(region.replicas());
        // What is left on a node that went silent and was removed is its own affair.
        group.made.retainAll(image.nodes().dataNodes().keySet());
        assertThat(group.made).as("seed %d", seed).isEqualTo(new TreeSet<>(group.members));
        assertThat(group.leader).as("seed %d", seed).isEqualTo(region.replicas().get(0));
      }
    }

    private boolean quiet() {
      return image.databases().changes().isEmpty()
          && image.databases().stale().isEmpty()
          && image.nodes().removing().isEmpty()
          && image.databases().liveRegions().stream()
              .allMatch(r -> groups.get(r.uuid()).leader == r.replicas().get(0));
    }

    private void disturb() {
      if (random.nextInt(10) == 0) {
        int node = 1 + random.nextInt(NODES);
        if (!down.remove(node)) {
          down.add(node);
        }
      }
    }

    private RegionCommand.Nodes nodes() {
      Set<Integer> up = new TreeSet<>(image.nodes().dataNodes().keySet());
      up.removeAll(down);
      Set<Integer> running = new TreeSet<>(up);
      running.removeAll(image.nodes().removing());
      return new RegionCommand.Nodes(running, up);
    }

    private void wish() {
      int region = random.nextInt(4);
      int one = 1 + random.nextInt(NODES);
      int other = 1 + random.nextInt(NODES);
      switch (random.nextInt(24)) {
        case 0 -> decide(new RegionCommand.Extend(region, one, nodes()));
        case 1 -> decide(new RegionCommand.RemoveReplica(region, one, nodes()));
        case 2, 3 -> decide(new RegionCommand.Migrate(region, one, other, nodes()));
        case 4 -> {
          if (random.nextInt(10) == 0) {
            decide(new RemovalCommand.RemoveDataNode(one, nodes()));
          }
        }
        default -> decide(new RegionCommand.ConfirmStale(new StaleReplica(new UUID(0, 0), one)));
      }
    }

    private void decide(Command command) {
      try {
        image = image.replay(command.decide(image, 0)).nextRevision();
      } catch (StatusException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }

    private void work(boolean losing) {
      elect();
      RegionSteps.drains(image, nodes(), 2).forEach(this::decide);
      for (Region region : image.databases().liveRegions()) {
        RegionChange change = image.databases().changes().get(region.id());
        List<ReplicaSeen> seen = seen(region);
        Action action =
            change == null
                ? RegionSteps.atRest(image.nodes(), region, seen, nodes().running())
                : RegionSteps.next(region, change, seen);
        boolean done = carryOut(groups.get(region.uuid()), action);
        boolean heard = !losing || random.nextBoolean();
        if (change != null && done && heard && !(action instanceof Action.TransferLeader)) {
          decide(new RegionCommand.Advance(change));
        }
      }
      for (StaleReplica stale : image.databases().stale()) {
        if (!down.contains(stale.dataNode())) {
          Group group = groups.get(stale.region());
          assertThat(group.members)
              .as("seed %d deletes %s which takes part", seed, stale)
              .doesNotContain(stale.dataNode());
          group.made.remove(stale.dataNode());
          if (!losing) {
            decide(new RegionCommand.ConfirmStale(stale));
          }
        }
      }
      for (int id : image.nodes().removing()) {
        decide(new RemovalCommand.DataNodeLeft(id));
      }
    }

    private void elect() {
      for (Group group : groups.values()) {
        List<Integer> up = group.members.stream().filter(node -> !down.contains(node)).toList();
        if (2 * up.size() <= group.members.size()) {
          group.leader = -1;
        } else if (!up.contains(group.leader)) {
          group.leader = up.get(random.nextInt(up.size()));
          group.term++;
        }
      }
    }

    private List<ReplicaSeen> seen(Region region) {
      Group group = groups.get(region.uuid());
      List<ReplicaSeen> seen = new ArrayList<>();
      for (int node : group.made) {
        if (!down.contains(node)) {
          TreeMap<Integer, Address> members = new TreeMap<>();
          group.members.forEach(
              id ->
                  members.put(
                      id,
                      Optional.ofNullable(image.nodes().dataNodes().get(id))
                          .map(DataNodeMember::regionRaft)
                          .orElse(new Address("gone", id))));
          seen.add(new ReplicaSeen(node, group.leader == node, group.term, true, members, 100));
        }
      }
      return seen;
    }

    private boolean carryOut(Group group, Action action) {
      if (random.nextInt(8) == 0) {
        return false;
      }
      if (action instanceof Action.Create create) {
        return !down.contains(create.node()) && (group.made.add(create.node()) || true);
      } else if (action instanceof Action.TransferLeader transfer) {
        boolean able =
            group.leader == transfer.leader()
                && group.members.contains(transfer.to())
                && !down.contains(transfer.to());
        if (able) {
          group.leader = transfer.to();
          group.term++;
        }
        return able;
      } else if (action instanceof Action.ChangeMembers change) {
        assertThat(change.members()).as("seed %d", seed).isNotEmpty();
        assertThat(change.members().stream().filter(group.members::contains))
            .as("seed %d: %s of %s", seed, change, group.members)
            .isNotEmpty();
        boolean newcomersReady =
            change.members().stream()
                .filter(node -> !group.members.contains(node))
                .allMatch(node -> group.made.contains(node) && !down.contains(node));
        long up = change.members().stream().filter(node -> !down.contains(node)).count();
        boolean able =
            group.leader == change.leader() && newcomersReady && 2 * up > change.members().size();
        if (able) {
          assertThat(change.members())
              .as("seed %d removes the leader", seed)
              .contains(group.leader);
          group.members.clear();
          group.members.addAll(change.members());
        }
        return able;
      }
      return false;
    }
  }
}
