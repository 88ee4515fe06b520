package io.sluice.confignode.core;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Wishes about nodes that are to leave, and that they have left. */
public sealed interface RemovalCommand extends Command {
  /**
   * From here on the node gets no new replicas and loses those it has; refused when there would be
   * no place for them, or no data to copy. Nothing when it is being removed already.
   */
  record RemoveDataNode(int id, RegionCommand.Nodes nodes) implements RemovalCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      if (!image.nodes().dataNodes().containsKey(id)) {
        throw refused("DataNode " + id + " does not exist");
      }
      if (image.nodes().removing().contains(id)) {
        return List.of();
      }
      Set<Integer> staying = new TreeSet<>(image.nodes().dataNodes().keySet());
      staying.remove(id);
      staying.removeAll(image.nodes().removing());
      if (staying.isEmpty()) {
        throw refused("DataNode " + id + " is the last one: it cannot be removed");
      }
      checkCopies(image);
      checkPlaces(image);
      List<Record> records = new ArrayList<>();
      records.add(new Record.NodeRemoving(id));
      for (RegionChange change : image.databases().changes().values()) {
        if (change.takesIn() && change.to() == id) {
          records.add(
              new Record.RegionChangeSet(RegionChange.remove(change.regionId(), id, nowMs)));
        }
      }
      return records;
    }

    private void checkCopies(ClusterImage image) throws StatusException {
      List<Integer> lost =
          held(image).stream()
              .filter(region -> !region.majority(nodes.up()))
              .map(Region::id)
              .toList();
      if (!lost.isEmpty()) {
        throw refused(
            "DataNode "
                + id
                + " cannot be removed: regions "
                + lost
                + " have no majority of their replicas on DataNodes that answer, their data could be"
                + " lost. Bring the silent DataNodes back first");
      }
    }

    private void checkPlaces(ClusterImage image) throws StatusException {
      Set<Integer> others = new TreeSet<>(nodes.running());
      others.remove(id);
      others.removeAll(image.nodes().removing());
      List<Integer> homeless = new ArrayList<>();
      int needed = 0;
      for (Region region : held(image)) {
        Set<Integer> places = new TreeSet<>(others);
        places.removeAll(region.replicas());
        if (places.isEmpty()) {
          homeless.add(region.id());
          needed = Math.max(needed, region.replicas().size());
        }
      }
      if (!homeless.isEmpty()) {
        throw refused(
            "DataNode "
                + id
                + " cannot be removed: regions "
                + homeless
                + " need "
                + needed
                + " other Running DataNodes to keep their number of replicas, "
                + others.size()
                + " are there. Add a DataNode first");
      }
    }

    private List<Region> held(ClusterImage image) {
      return image.databases().hostedRegions().stream()
          .filter(region -> region.replicas().contains(id))
          .toList();
    }
  }

  /**
   * A removed DataNode was told, or does not answer: its record goes. Nothing while it holds
   * replicas or a statement counts on it.
   */
  record DataNodeLeft(int id) implements RemovalCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      if (!ready(image, id)) {
        return List.of();
      }
      List<Record> records = new ArrayList<>();
      for (Region region : image.databases().regions().values()) {
        if (region.unconfirmed().contains(id)) {
          Region rest = region.confirmedBy(id);
          records.add(
              rest.unconfirmed().isEmpty()
                  ? new Record.RegionGone(region.id())
                  : new Record.RegionSet(rest));
        }
      }
      for (StaleReplica stale : image.databases().stale()) {
        if (stale.dataNode() == id) {
          records.add(new Record.StaleReplicaGone(stale));
        }
      }
      records.add(new Record.NodeGone(id));
      return records;
    }
  }

  /** Whether nothing of the cluster needs this Removing DataNode any more. */
  static boolean ready(ClusterImage image, int id) {
    boolean leaving =
        image.nodes().removing().contains(id) && image.nodes().dataNodes().containsKey(id);
    return leaving
        && image.databases().hostedRegions().stream().noneMatch(r -> r.replicas().contains(id))
        && image.databases().changes().values().stream()
            .noneMatch(change -> change.from() == id || change.to() == id)
        && image.pipes().procedures().values().stream()
            .noneMatch(procedure -> procedure.targets().contains(id));
  }

  /** {@code alive}: the ConfigNodes heard of lately, the leader among them. */
  record RemoveConfigNode(int id, Set<Integer> alive) implements RemovalCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      if (!image.nodes().configNodes().containsKey(id)) {
        throw refused("ConfigNode " + id + " does not exist");
      }
      if (image.nodes().removing().contains(id)) {
        return List.of();
      }
      Set<Integer> staying = new TreeSet<>(image.nodes().configNodes().keySet());
      staying.remove(id);
      staying.removeAll(image.nodes().removing());
      if (staying.isEmpty()) {
        throw refused("ConfigNode " + id + " is the last one: it cannot be removed");
      }
      long living = staying.stream().filter(alive::contains).count();
      if (2 * living <= staying.size()) {
        throw refused(
            "ConfigNode "
                + id
                + " cannot be removed: of the others "
                + staying
                + " only "
                + living
                + " answer, which is no majority. Bring them back or remove the dead ones first");
      }
      return List.of(new Record.NodeRemoving(id));
    }
  }

  /** The metadata group has no such member any more: its record goes. */
  record ConfigNodeLeft(int id) implements RemovalCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) {
      boolean leaving =
          image.nodes().removing().contains(id) && image.nodes().configNodes().containsKey(id);
      return leaving ? List.of(new Record.NodeGone(id)) : List.of();
    }
  }

  private static StatusException refused(String text) {
    return new StatusException(StatusCode.EXECUTE_ERROR, text);
  }
}
