package io.sluice.datanode.region.host;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * In which order peers are asked: whoever has failed, last, so that one that is gone is waited for
 * once and not for each file. Confined to one thread.
 */
final class PeerOrder {
  private final Map<Integer, Long> failedAt = new HashMap<>();
  private long failures;

  void failed(int node) {
    failedAt.put(node, ++failures);
  }

  /** The same nodes; those that have not failed stay in their order. */
  List<Integer> of(List<Integer> nodes) {
    return nodes.stream()
        .sorted(Comparator.comparingLong(node -> failedAt.getOrDefault(node, 0L)))
        .toList();
  }
}
