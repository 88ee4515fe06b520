package io.sluice.confignode.duty;

import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.ReplicaState;
import io.sluice.common.time.MonotonicClock;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.Region;
import io.sluice.confignode.core.ReplicaSeen;
import io.sluice.confignode.view.Views;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What the DataNodes said last. A node is Unknown when its last answer is older than the limit,
 * however its silence shows: a refused connection does not shorten it, nor does a new leader, who
 * has no answers yet. Thread-safe.
 */
public final class NodeHealth {
  /** Of silence after which a node that is not Unknown yet is given no lead. */
  private static final long FRESH_MS = 3_000;

  private final MonotonicClock clock;
  private final long unknownAfterMs;
  private final long startedAtMs;

  /** Nodes not yet heard that somebody heard not long before this began. */
  private final Set<Integer> expected = ConcurrentHashMap.newKeySet();

  private final Map<Integer, Answer> answers = new ConcurrentHashMap<>();

  /** Who led each region last, by region id; also when its node is silent since. */
  private final Map<Integer, LedAt> ledAt = new ConcurrentHashMap<>();

  /** Since when answers of a node lack a pipe that runs. */
  private final Map<Lacking, Long> lackingSinceMs = new ConcurrentHashMap<>();

  private record LedAt(int node, long atMs) {}

  private record Lacking(int node, long pipe) {}

  private record Answer(
      long atMs,
      boolean readOnly,
      List<Integer> ledRegions,
      Map<UUID, ReplicaSeen> replicas,
      Map<Long, PipeReport> pipes) {}

  /**
   * @param heard nodes that were not Unknown when this ConfigNode began to lead: they count as
   *     heard then
   * @param unknownAfterMs of silence
   */
  public NodeHealth(MonotonicClock clock, Collection<Integer> heard, long unknownAfterMs) {
    this.clock = clock;
    this.unknownAfterMs = unknownAfterMs;
    this.startedAtMs = clock.nowMs();
    this.expected.addAll(heard);
  }

  public void answered(int node, HeartbeatResp answer) {
    Map<Long, PipeReport> reports = new HashMap<>();
    answer.getPipes().forEach(report -> reports.put(report.getNumber(), report));
    long nowMs = clock.nowMs();
    answer.getLedRegions().forEach(region -> ledAt.put(region, new LedAt(node, nowMs)));
    answers.put(
        node,
        new Answer(
            nowMs,
            answer.isReadOnly(),
            List.copyOf(answer.getLedRegions()),
            replicas(node, answer),
            reports));
  }

  private static Map<UUID, ReplicaSeen> replicas(int node, HeartbeatResp answer) {
    Map<UUID, ReplicaSeen> replicas = new HashMap<>();
    if (answer.isSetReplicas()) {
      for (ReplicaState state : answer.getReplicas()) {
        SortedMap<Integer, Address> members = new TreeMap<>();
        state
            .getMembers()
            .forEach(peer -> members.put(peer.getNode(), Views.address(peer.getRaft())));
        replicas.put(
            UUID.fromString(state.getRegion()),
            new ReplicaSeen(
                node,
                state.isLeads(),
                state.getTerm(),
                state.isRunning(),
                members,
                state.getAppliedIndex()));
      }
    }
    return replicas;
  }

  /** The node is gone, or comes back as another process: what it said is no longer so. */
  void forget(int node) {
    answers.remove(node);
    expected.remove(node);
  }

  public NodeStatus status(int node) {
    Answer last = answers.get(node);
    long atMs = last == null ? startedAtMs : last.atMs();
    boolean everHeard = last != null || expected.contains(node);
    if (!everHeard || clock.nowMs() - atMs >= unknownAfterMs) {
      return NodeStatus.UNKNOWN;
    }
    return last != null && last.readOnly() ? NodeStatus.READ_ONLY : NodeStatus.RUNNING;
  }

  /** Whether a node silent for so long counts as heard of. */
  public boolean recent(long silenceMs) {
    return silenceMs < unknownAfterMs;
  }

  /** Those of {@code nodes} that are not Unknown: the ones a pipe statement has to reach. */
  public TreeSet<Integer> up(Collection<Integer> nodes) {
    TreeSet<Integer> up = new TreeSet<>(nodes);
    up.removeIf(node -> status(node) == NodeStatus.UNKNOWN);
    return up;
  }

  /** Those of {@code nodes} that may be given new regions: Running, and heard in this term. */
  public List<Integer> running(Collection<Integer> nodes) {
    return nodes.stream()
        .filter(node -> answers.containsKey(node) && status(node) == NodeStatus.RUNNING)
        .toList();
  }

  /** The region's replicas on nodes that are not Unknown, as described last; by node. */
  public List<ReplicaSeen> replicas(Region region) {
    List<ReplicaSeen> seen = new ArrayList<>();
    for (Map.Entry<Integer, Answer> entry : new TreeMap<>(answers).entrySet()) {
      Answer answer = entry.getValue();
      ReplicaSeen replica = answer.replicas().get(region.uuid());
      if (status(entry.getKey()) == NodeStatus.UNKNOWN) {
        continue;
      }
      if (replica != null) {
        seen.add(replica);
      } else if (answer.ledRegions().contains(region.id())) {
        // From a DataNode that names only what it leads.
        seen.add(new ReplicaSeen(entry.getKey(), true, 0, true, new TreeMap<>(), 0));
      }
    }
    return seen;
  }

  /** Those of {@code nodes} that may be given a region's lead: Running, and heard of just now. */
  Set<Integer> fresh(Collection<Integer> nodes) {
    return running(nodes).stream()
        .filter(node -> clock.nowMs() - answers.get(node).atMs() < FRESH_MS)
        .collect(Collectors.toSet());
  }

  /** Region id to the node that leads it: of two that say so, the one of the higher term. */
  public Map<Integer, Integer> regionLeaders(Collection<Region> regions) {
    Map<Integer, Integer> leaders = new TreeMap<>();
    for (Region region : regions) {
      ReplicaSeen.leader(replicas(region))
          .ifPresent(leader -> leaders.put(region.id(), leader.dataNode()));
    }
    return leaders;
  }

  /** The worst that DataNodes not Unknown said of a pipe last; empty when none reports it. */
  public Optional<PipeReport> worst(long pipeNumber) {
    return answers.entrySet().stream()
        .filter(entry -> status(entry.getKey()) != NodeStatus.UNKNOWN)
        .map(entry -> entry.getValue().pipes().get(pipeNumber))
        .filter(java.util.Objects::nonNull)
        .max(java.util.Comparator.comparingInt(report -> report.getHealth().getValue()));
  }

  /** A region's leader, and how long ago it was heard to say so. */
  record Led(int node, long agoMs) {}

  /** Empty when nobody has said that it leads the region since this ConfigNode leads. */
  Optional<Led> led(int region) {
    return Optional.ofNullable(ledAt.get(region))
        .map(led -> new Led(led.node(), clock.nowMs() - led.atMs()));
  }

  /** To be called now and then: notes which nodes do not report which pipes, and since when. */
  void lookAtPipes(Collection<Long> running, Collection<Integer> regions) {
    ledAt.keySet().retainAll(regions);
    lackingSinceMs
        .keySet()
        .removeIf(
            lacking -> !running.contains(lacking.pipe()) || !answers.containsKey(lacking.node()));
    answers.forEach(
        (node, answer) -> {
          for (long pipe : running) {
            Lacking lacking = new Lacking(node, pipe);
            if (answer.pipes().containsKey(pipe)) {
              lackingSinceMs.remove(lacking);
            } else {
              lackingSinceMs.putIfAbsent(lacking, clock.nowMs());
            }
          }
        });
  }

  /** Whether a node's answers have left the pipe out for so long. */
  boolean lacksPipe(int node, long pipe, long forMs) {
    Long sinceMs = lackingSinceMs.get(new Lacking(node, pipe));
    return sinceMs != null && clock.nowMs() - sinceMs >= forMs;
  }

  /** Why the node does not lead the region, as a text that follows its name. */
  String stateOf(Region region, int node) {
    Answer last = answers.get(node);
    if (last == null) {
      return ", which has not been heard";
    }
    long silenceMs = clock.nowMs() - last.atMs();
    if (silenceMs >= FRESH_MS) {
      return ", silent for " + silenceMs / 1_000 + " s";
    }
    ReplicaSeen replica = last.replicas().get(region.uuid());
    if (replica == null) {
      return ", which does not have it";
    }
    return replica.running() ? ", which does not lead it" : ", where its Raft server has ended";
  }
}
