package io.sluice.confignode.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the nodes run with, side by side. Pure. */
public final class RunningSettings {
  private RunningSettings() {}

  /**
   * One node's answer.
   *
   * @param name such as {@code DataNode 3}
   * @param values by key; empty when the node did not answer
   */
  public record OfNode(String name, Optional<Map<String, String>> values) {}

  /**
   * One row per key: the value all nodes have, else each value with the nodes that have it. A node
   * that did not answer is named in every row; a key that a node does not have is not missed there.
   */
  public static Map<String, String> rows(List<OfNode> nodes) {
    TreeSet<String> keys = new TreeSet<>();
    nodes.forEach(node -> node.values().ifPresent(values -> keys.addAll(values.keySet())));
    List<String> silent =
        nodes.stream().filter(node -> node.values().isEmpty()).map(OfNode::name).toList();
    Map<String, String> rows = new TreeMap<>();
    for (String key : keys) {
      rows.put(key, row(key, nodes, silent));
    }
    return rows;
  }

  private static String row(String key, List<OfNode> nodes, List<String> silent) {
    Map<String, List<String>> byValue = new LinkedHashMap<>();
    for (OfNode node : nodes) {
      String value = node.values().map(values -> values.get(key)).orElse(null);
      if (value != null) {
        byValue.computeIfAbsent(value, v -> new ArrayList<>()).add(node.name());
      }
    }
    List<String> parts = new ArrayList<>();
    byValue.forEach(
        (value, names) ->
            parts.add(byValue.size() == 1 ? value : value + " on " + String.join(", ", names)));
    if (!silent.isEmpty()) {
      parts.add("not known of " + String.join(", ", silent));
    }
    return String.join("; ", parts);
  }
}
