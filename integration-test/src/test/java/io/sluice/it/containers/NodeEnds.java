package io.sluice.it.containers;

import java.util.List;

/** What nodes said last, for whoever looks into a failure. */
final class NodeEnds {
  private static final int LINES = 30;

  private NodeEnds() {}

  static void print(SluiceNode node) {
    System.out.println("==== " + node.name() + " " + node.address());
    System.out.println(end(node.printed()));
    for (String file : List.of("node.log", "sync.log")) {
      System.out.println("---- " + file);
      System.out.println(end(read(node, file)));
    }
  }

  private static String read(SluiceNode node, String file) {
    try {
      return node.log(file);
    } catch (RuntimeException e) {
      return "cannot be read: " + e.getMessage(); // never made, or no container any more
    }
  }

  private static String end(String text) {
    List<String> lines = text.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES), lines.size()));
  }
}
