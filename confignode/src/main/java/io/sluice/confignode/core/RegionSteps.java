package io.sluice.confignode.core;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What to do next for a region, from what is recorded and what was seen last. Nothing is remembered
 * between two answers: a new leader asks the same and goes on.
 */
public final class RegionSteps {
  /** Log entries by which a replica may be behind and still be given the lead. */
  static final long LAG_ENTRIES_MAX = 1_000;

  private RegionSteps() {}

  /** What to ask of which DataNode. */
  public sealed interface Action {
    /** Of {@code node}: an empty member. */
    record Create(int node) implements Action {}

    /** Of {@code leader}: exactly {@code members} take part, at the addresses recorded. */
    record ChangeMembers(int leader, SortedSet<Integer> members) implements Action {}

    /** Of {@code leader}: {@code to} leads. */
    record TransferLeader(int leader, int to) implements Action {}

    /** Nothing can be done now. */
    record Wait(String why) implements Action {}

    /** All is as it should be. */
    record Rest() implements Action {}
  }

  /**
   * The call that does the step {@code change} is at. Its success is recorded by {@link
   * RegionCommand.Advance}, except that of {@code TransferLeader}, after which one looks again.
   *
   * @param seen the replicas on DataNodes that answer
   */
  public static Action next(Region region, RegionChange change, List<ReplicaSeen> seen) {
    if (change.step() == RegionChange.Step.CREATING) {
      return new Action.Create(change.to());
    }
    Optional<ReplicaSeen> leader = ReplicaSeen.leader(seen);
    if (leader.isEmpty()) {
      return new Action.Wait("no replica leads");
    }
    SortedSet<Integer> members = new TreeSet<>(region.replicas());
    if (change.step() == RegionChange.Step.ADDING) {
      members.add(change.to());
      return new Action.ChangeMembers(leader.get().dataNode(), members);
    }
    members.remove(change.from());
    if (leader.get().dataNode() != change.from()) {
      return new Action.ChangeMembers(leader.get().dataNode(), members);
    }
    return seen.stream()
        .filter(replica -> members.contains(replica.dataNode()) && replica.running())
        .max(Comparator.comparingLong(ReplicaSeen::appliedIndex))
        .<Action>map(heir -> new Action.TransferLeader(change.from(), heir.dataNode()))
        .orElse(new Action.Wait("no other replica can lead"));
  }

  /**
   * For a region without a change: moves members to the addresses recorded, then the lead to the
   * preferred replica.
   *
   * @param seen the replicas on DataNodes that answer
   * @param running DataNodes that may be given the lead
   */
  public static Action atRest(
      NodesImage nodes, Region region, List<ReplicaSeen> seen, Set<Integer> running) {
    Optional<ReplicaSeen> leader = ReplicaSeen.leader(seen);
    if (leader.isEmpty() || !region.unconfirmed().isEmpty()) {
      return new Action.Rest();
    }
    SortedMap<Integer, Address> recorded = new TreeMap<>();
    region.replicas().forEach(id -> recorded.put(id, nodes.dataNodes().get(id).regionRaft()));
    SortedMap<Integer, Address> members = leader.get().members();
    if (members.size() > 0 && !members.keySet().equals(recorded.keySet())) {
      return new Action.Wait(
          "DataNodes "
              + members.keySet()
              + " take part by its log, "
              + recorded.keySet()
              + " are recorded");
    }
    if (members.size() > 1 && !members.equals(recorded)) {
      return new Action.ChangeMembers(leader.get().dataNode(), new TreeSet<>(recorded.keySet()));
    }
    int preferred = region.replicas().get(0);
    boolean fit =
        running.contains(preferred)
            && ReplicaSeen.at(seen, preferred)
                .filter(ReplicaSeen::running)
                .filter(r -> leader.get().appliedIndex() - r.appliedIndex() <= LAG_ENTRIES_MAX)
                .isPresent();
    return fit && leader.get().dataNode() != preferred
        ? new Action.TransferLeader(leader.get().dataNode(), preferred)
        : new Action.Rest();
  }

  /**
   * Moves that take replicas off nodes that are being removed, for regions without a change, each
   * to the Running node with the fewest.
   *
   * @param atOnce moves under way off one node at most
   */
  public static List<RegionCommand.Migrate> drains(
      ClusterImage image, RegionCommand.Nodes known, int atOnce) {
    List<RegionCommand.Migrate> moves = new java.util.ArrayList<>();
    Placement placement = new Placement(image);
    for (int leaving : image.nodes().removing()) {
      long underWay =
          image.databases().changes().values().stream()
              .filter(change -> change.from() == leaving)
              .count();
      for (Region region : image.databases().hostedRegions()) {
        boolean waits =
            region.replicas().contains(leaving)
                && !image.databases().changes().containsKey(region.id());
        if (waits && underWay < atOnce) {
          Set<Integer> places = new TreeSet<>(known.running());
          places.removeAll(image.nodes().removing());
          places.removeAll(region.replicas());
          places.removeIf(
              node -> image.databases().stale().contains(new StaleReplica(region.uuid(), node)));
          Optional<Integer> to = placement.leastLoaded(places);
          if (to.isPresent()) {
            placement.expect(to.get());
            moves.add(new RegionCommand.Migrate(region.id(), leaving, to.get(), known));
            underWay++;
          }
        }
      }
    }
    return moves;
  }
}
