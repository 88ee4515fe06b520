package io.sluice.confignode.core;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The nodes, by id.
 *
 * @param removing those of either kind that are being removed
 * @param silent DataNodes that were Unknown when this was noted last: a new leader, who has heard
 *     nobody yet, begins with it
 * @param nextId above every id ever given, of either kind
 */
public record NodesImage(
    SortedMap<Integer, ConfigNodeMember> configNodes,
    SortedMap<Integer, DataNodeMember> dataNodes,
    SortedSet<Integer> removing,
    SortedSet<Integer> silent,
    int nextId) {
  static final NodesImage EMPTY =
      new NodesImage(
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptySortedSet(),
          Collections.emptySortedSet(),
          0);

  NodesImage with(ConfigNodeMember node) {
    return new NodesImage(
        SortedMaps.with(configNodes, node.id(), node),
        dataNodes,
        removing,
        silent,
        Math.max(nextId, node.id() + 1));
  }

  NodesImage with(DataNodeMember node) {
    return new NodesImage(
        configNodes,
        SortedMaps.with(dataNodes, node.id(), node),
        removing,
        silent,
        Math.max(nextId, node.id() + 1));
  }

  NodesImage withNextId(int next) {
    return new NodesImage(configNodes, dataNodes, removing, silent, next);
  }

  /** DataNodes that may be given replicas as far as the record goes. */
  public SortedSet<Integer> stayingDataNodes() {
    TreeSet<Integer> staying = new TreeSet<>(dataNodes.keySet());
    staying.removeAll(removing);
    return staying;
  }

  /** DataNodes that were not Unknown when this was noted last. */
  public SortedSet<Integer> heardDataNodes() {
    TreeSet<Integer> heard = new TreeSet<>(dataNodes.keySet());
    heard.removeAll(silent);
    return heard;
  }

  NodesImage withRemoving(int id) {
    TreeSet<Integer> more = new TreeSet<>(removing);
    more.add(id);
    return new NodesImage(
        configNodes, dataNodes, Collections.unmodifiableSortedSet(more), silent, nextId);
  }

  NodesImage withSilent(Collection<Integer> ids) {
    return new NodesImage(
        configNodes,
        dataNodes,
        removing,
        Collections.unmodifiableSortedSet(new TreeSet<>(ids)),
        nextId);
  }

  NodesImage without(int id) {
    return new NodesImage(
        SortedMaps.without(configNodes, id),
        SortedMaps.without(dataNodes, id),
        without(removing, id),
        without(silent, id),
        nextId);
  }

  private static SortedSet<Integer> without(SortedSet<Integer> ids, int id) {
    TreeSet<Integer> rest = new TreeSet<>(ids);
    rest.remove(id);
    return Collections.unmodifiableSortedSet(rest);
  }
}
