package io.sluice.confignode;

import io.sluice.common.rpc.ChangeRegionMembersReq;
import io.sluice.common.rpc.CreateRegionReq;
import io.sluice.common.rpc.RegionPeer;
import io.sluice.common.rpc.ReplicaState;
import io.sluice.common.rpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The regions of fake DataNodes, shared between those that are to hold replicas of the same. */
final class FakeRegions {
  private static final Status OK = new Status(200, "");

  private final Map<String, Group> groups = new HashMap<>();
  private final Set<Integer> dead = new TreeSet<>();

  private static final class Group {
    private final TreeMap<Integer, RegionPeer> members = new TreeMap<>();
    private final Set<Integer> made = new TreeSet<>();
    private int leader;
    private long term = 1;
  }

  synchronized void create(int node, CreateRegionReq request) {
    String uuid = request.getRegion().getUuid();
    Group group = groups.get(uuid);
    if (group == null) {
      group = new Group();
      group.leader = request.getRegion().getReplicas().get(0);
      for (var peer : request.getPeers()) {
        group.members.put(peer.getId(), new RegionPeer(peer.getId(), peer.getRegionRaft()));
      }
      groups.put(uuid, group);
    }
    group.made.add(node);
  }

  synchronized void delete(int node, String uuid) {
    Group group = groups.get(uuid);
    if (group != null) {
      group.made.remove(node);
    }
  }

  synchronized Status changeMembers(int node, ChangeRegionMembersReq request) {
    Group group = groups.get(request.getRegion());
    if (group == null || group.leader != node) {
      return new Status(1192, "not here");
    }
    TreeMap<Integer, RegionPeer> wanted = new TreeMap<>();
    request.getMembers().forEach(peer -> wanted.put(peer.getNode(), peer));
    if (!wanted.containsKey(node)) {
      return new Status(301, "the leader cannot be removed");
    }
    if (!group.made.containsAll(wanted.keySet())) {
      return new Status(301, "a newcomer has not caught up");
    }
    group.members.clear();
    group.members.putAll(wanted);
    return OK;
  }

  synchronized Status transfer(int node, String uuid, int to) {
    Group group = groups.get(uuid);
    if (group == null || group.leader != node || !group.members.containsKey(to)) {
      return new Status(1192, "not here");
    }
    if (dead.contains(to)) {
      return new Status(1192, "not here");
    }
    lead(uuid, to);
    return OK;
  }

  /** What the node led is led by another of its members. */
  synchronized void died(int node) {
    dead.add(node);
    for (Map.Entry<String, Group> each : groups.entrySet()) {
      if (each.getValue().leader == node) {
        each.getValue().members.keySet().stream()
            .filter(id -> !dead.contains(id))
            .findFirst()
            .ifPresent(heir -> lead(each.getKey(), heir));
      }
    }
  }

  synchronized void cameBack(int node) {
    dead.remove(node);
  }

  synchronized void lead(String uuid, int node) {
    Group group = groups.get(uuid);
    group.leader = node;
    group.term++;
  }

  synchronized List<ReplicaState> states(int node) {
    List<ReplicaState> states = new ArrayList<>();
    groups.forEach(
        (uuid, group) -> {
          if (group.made.contains(node)) {
            states.add(
                new ReplicaState(
                    uuid,
                    group.leader == node,
                    group.term,
                    true,
                    List.copyOf(group.members.values()),
                    100,
                    100));
          }
        });
    return states;
  }

  synchronized int leader(String uuid) {
    return groups.get(uuid).leader;
  }

  synchronized Map<Integer, RegionPeer> members(String uuid) {
    return new TreeMap<>(groups.get(uuid).members);
  }

  synchronized Set<Integer> made(String uuid) {
    return new TreeSet<>(groups.get(uuid).made);
  }
}
