package io.sluice.confignode.duty;

import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.NodeStatus;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.time.MonotonicClock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the DataNodes said last. A node is Unknown when its last answer is older than the limit,
 * however its silence shows: a refused connection does not shorten it. Thread-safe.
 */
public final class NodeHealth {
  private final MonotonicClock clock;
  private final long unknownAfterMs;
  private final Map<Integer, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(
      long atMs, boolean readOnly, List<Integer> ledRegions, Map<Long, PipeReport> pipes) {}

  public NodeHealth(MonotonicClock clock, long unknownAfterMs) {
    this.clock = clock;
    this.unknownAfterMs = unknownAfterMs;
  }

  void answered(int node, HeartbeatResp answer) {
    Map<Long, PipeReport> reports = new HashMap<>();
    answer.getPipes().forEach(report -> reports.put(report.getNumber(), report));
    answers.put(
        node,
        new Answer(
            clock.nowMs(), answer.isReadOnly(), List.copyOf(answer.getLedRegions()), reports));
  }

  public NodeStatus status(int node) {
    Answer last = answers.get(node);
    if (last == null || clock.nowMs() - last.atMs() >= unknownAfterMs) {
      return NodeStatus.UNKNOWN;
    }
    return last.readOnly() ? NodeStatus.READ_ONLY : NodeStatus.RUNNING;
  }

  /** Whether a node silent for so long counts as heard of. */
  public boolean recent(long silenceMs) {
    return silenceMs < unknownAfterMs;
  }

  /** Those of {@code nodes} that are not Unknown: the ones a pipe statement has to reach. */
  TreeSet<Integer> up(Collection<Integer> nodes) {
    TreeSet<Integer> up = new TreeSet<>(nodes);
    up.removeIf(node -> status(node) == NodeStatus.UNKNOWN);
    return up;
  }

  /** Those of {@code nodes} that may be given new regions. */
  public List<Integer> running(Collection<Integer> nodes) {
    return nodes.stream().filter(node -> status(node) == NodeStatus.RUNNING).toList();
  }

  /** Region id to the node that said it leads it; of two the later to answer. */
  public Map<Integer, Integer> regionLeaders() {
    Map<Long, Map.Entry<Integer, Answer>> byTime = new TreeMap<>();
    for (Map.Entry<Integer, Answer> entry : answers.entrySet()) {
      byTime.put((entry.getValue().atMs() << 16) + entry.getKey(), entry);
    }
    Map<Integer, Integer> leaders = new TreeMap<>();
    for (Map.Entry<Integer, Answer> entry : byTime.values()) {
      if (status(entry.getKey()) != NodeStatus.UNKNOWN) {
        entry.getValue().ledRegions().forEach(region -> leaders.put(region, entry.getKey()));
      }
    }
    return leaders;
  }

  /** The worst that DataNodes not Unknown said of a pipe last; empty when none reports it. */
  public java.util.Optional<PipeReport> worst(long pipeNumber) {
    return answers.entrySet().stream()
        .filter(entry -> status(entry.getKey()) != NodeStatus.UNKNOWN)
        .map(entry -> entry.getValue().pipes().get(pipeNumber))
        .filter(java.util.Objects::nonNull)
        .max(java.util.Comparator.comparingInt(report -> report.getHealth().getValue()));
  }
}
