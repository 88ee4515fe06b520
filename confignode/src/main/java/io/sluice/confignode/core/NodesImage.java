package io.sluice.confignode.core;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The nodes, by id.
 *
 * @param removing those of either kind that are being removed
 * @param nextId above every id ever given, of either kind
 */
public record NodesImage(
    SortedMap<Integer, ConfigNodeMember> configNodes,
    SortedMap<Integer, DataNodeMember> dataNodes,
    SortedSet<Integer> removing,
    int nextId) {
  static final NodesImage EMPTY =
      new NodesImage(
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedSet(),
          0);

  NodesImage with(ConfigNodeMember node) {
    return new NodesImage(
        SortedMaps.with(configNodes, node.id(), node),
        dataNodes,
        removing,
        Math.max(nextId, node.id() + 1));
  }

  NodesImage with(DataNodeMember node) {
    return new NodesImage(
        configNodes,
        SortedMaps.with(dataNodes, node.id(), node),
        removing,
        Math.max(nextId, node.id() + 1));
  }

  NodesImage withNextId(int next) {
    return new NodesImage(configNodes, dataNodes, removing, next);
  }

  /** DataNodes that may be given replicas as far as the record goes. */
  public SortedSet<Integer> stayingDataNodes() {
    TreeSet<Integer> staying = new TreeSet<>(dataNodes.keySet());
    staying.removeAll(removing);
    return staying;
  }

  NodesImage withRemoving(int id) {
    TreeSet<Integer> more = new TreeSet<>(removing);
    more.add(id);
    return new NodesImage(configNodes, dataNodes, Collections.unmodifiableSortedSet(more), nextId);
  }

  NodesImage without(int id) {
    TreeSet<Integer> rest = new TreeSet<>(removing);
    rest.remove(id);
    return new NodesImage(
        SortedMaps.without(configNodes, id),
        SortedMaps.without(dataNodes, id),
        Collections.unmodifiableSortedSet(rest),
        nextId);
  }
}
