package io.sluice.confignode.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where replicas go and who leads: nodes with the fewest replicas first, leaders on those that are
 * to lead the fewest, lower ids first among equals. Counts what it deals, so that what is dealt
 * together is spread too. Made for one decision.
 */
final class Placement {
  private final Map<Integer, Integer> replicas = new TreeMap<>();
  private final Map<Integer, Integer> leads = new TreeMap<>();

  /** Counts what {@code image} has, and what its changes under way will bring. */
  Placement(ClusterImage image) {
    for (Region region : image.databases().hostedRegions()) {
      count(region.replicas());
    }
    for (RegionChange change : image.databases().changes().values()) {
      if (change.takesIn()) {
        expect(change.to());
      }
    }
  }

  /** One more replica will be on {@code node}. */
  void expect(int node) {
    replicas.merge(node, 1, Integer::sum);
  }

  private void count(List<Integer> dealt) {
    dealt.forEach(node -> replicas.merge(node, 1, Integer::sum));
    leads.merge(dealt.get(0), 1, Integer::sum);
  }

  /** Nodes for one more region, the preferred leader first. */
  List<Integer> deal(Collection<Integer> nodes, int factor) {
    List<Integer> chosen =
        new ArrayList<>(nodes.stream().sorted(byCount(replicas)).limit(factor).toList());
    chosen.sort(byCount(leads));
    count(chosen);
    return List.copyOf(chosen);
  }

  /** The node of {@code nodes} with the fewest replicas. */
  Optional<Integer> leastLoaded(Collection<Integer> nodes) {
    return nodes.stream().min(byCount(replicas));
  }

  /**
   * {@code changed} with the node in front that is to lead the fewest regions, {@code before} not
   * counted. The present first one stays if none is better.
   */
  List<Integer> leaderFirst(Region before, List<Integer> changed) {
    leads.merge(before.replicas().get(0), -1, Integer::sum);
    int best = changed.get(0);
    for (int node : changed) {
      if (leads.getOrDefault(node, 0) < leads.getOrDefault(best, 0)) {
        best = node;
      }
    }
    List<Integer> ordered = new ArrayList<>(changed);
    ordered.remove((Integer) best);
    ordered.add(0, best);
    return List.copyOf(ordered);
  }

  private static Comparator<Integer> byCount(Map<Integer, Integer> counts) {
    return Comparator.<Integer>comparingInt(node -> counts.getOrDefault(node, 0))
        .thenComparing(Comparator.naturalOrder());
  }
}
