package io.sluice.confignode.core;

import java.util.Collections;
import java.util.SortedMap;

/** The nodes, by id. {@code nextId} is above every id ever given, of either kind. */
public record NodesImage(
    SortedMap<Integer, ConfigNodeMember> configNodes,
    SortedMap<Integer, DataNodeMember> dataNodes,
    int nextId) {
  static final NodesImage EMPTY =
      new NodesImage(Collections.emptySortedMap(), Collections.emptySortedMap(), 0);

  NodesImage with(ConfigNodeMember node) {
    return new NodesImage(
        SortedMaps.with(configNodes, node.id(), node), dataNodes, Math.max(nextId, node.id() + 1));
  }

  NodesImage with(DataNodeMember node) {
    return new NodesImage(
        configNodes, SortedMaps.with(dataNodes, node.id(), node), Math.max(nextId, node.id() + 1));
  }

  NodesImage withNextId(int next) {
    return new NodesImage(configNodes, dataNodes, next);
  }
}
