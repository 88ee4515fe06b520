package io.sluice.common.path;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A path or path pattern of the tree model, as nodes: {@code root.vehicle.*.s1}. A node {@code *}
 * matches exactly one node, {@code **} one or more; inside a node {@code *} matches any run of
 * characters. A node that is not a plain identifier is kept with its back-quotes, so that the text
 * form splits back into the same nodes. Immutable.
 */
public final class PathPattern {
  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_$@#{}:\\-]+");

  private final List<String> nodes;

  private PathPattern(List<String> nodes) {
    this.nodes = List.copyOf(nodes);
    if (this.nodes.isEmpty()) {
      throw new IllegalArgumentException("a path has at least one node");
    }
  }

  public static PathPattern of(List<String> nodes) {
    return new PathPattern(nodes);
  }

  /**
   * Splits at dots outside back-quotes.
   *
   * @throws IllegalArgumentException when a node is empty or a back-quote is not closed
   */
  public static PathPattern parse(String text) {
    return new PathPattern(split(text));
  }

  /** The nodes of {@code text}, back-quotes kept. See {@link #parse} for errors. */
  public static List<String> split(String text) {
    List<String> nodes = new ArrayList<>();
    StringBuilder node = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '`') {
        quoted = !quoted;
      }
      if (c == '.' && !quoted) {
        nodes.add(node.toString());
        node.setLength(0);
      } else {
        node.append(c);
      }
    }
    nodes.add(node.toString());
    if (quoted || nodes.contains("")) {
      throw new IllegalArgumentException(text + " is not a legal path");
    }
    return nodes;
  }

  /** True for a node that needs no back-quotes. */
  public static boolean plain(String node) {
    return PLAIN.matcher(node).matches() && !node.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  public List<String> nodes() {
    return nodes;
  }

  public boolean hasWildcard() {
    return nodes.stream().anyMatch(node -> !node.startsWith("`") && node.indexOf('*') >= 0);
  }

  /** Whether this pattern matches the whole of {@code path}. */
  public boolean matches(List<String> path) {
    return matches(0, path, 0);
  }

  /** Whether this pattern matches {@code path}, a text of nodes. */
  public boolean matches(String path) {
    return matches(split(path));
  }

  /** Whether some path that starts with {@code prefix} (or is it) could match. */
  public boolean couldMatchBelow(List<String> prefix) {
    return couldMatchBelow(0, prefix, 0);
  }

  private boolean matches(int at, List<String> path, int from) {
    if (at == nodes.size()) {
      return from == path.size();
    }
    if (from == path.size()) {
      return false;
    }
    String node = nodes.get(at);
    if (node.equals("**")) {
      for (int next = from + 1; next <= path.size(); next++) {
        if (matches(at + 1, path, next)) {
          return true;
        }
      }
      return false;
    }
    return nodeMatches(node, path.get(from)) && matches(at + 1, path, from + 1);
  }

  private boolean couldMatchBelow(int at, List<String> prefix, int from) {
    if (from == prefix.size()) {
      return true;
    }
    if (at == nodes.size()) {
      return false;
    }
    String node = nodes.get(at);
    if (node.equals("**")) {
      return true;
    }
    return nodeMatches(node, prefix.get(from)) && couldMatchBelow(at + 1, prefix, from + 1);
  }

  private static boolean nodeMatches(String pattern, String node) {
    if (pattern.equals("*") || pattern.equals(node)) {
      return true;
    }
    if (pattern.startsWith("`") || pattern.indexOf('*') < 0) {
      return false;
    }
    return globMatches(pattern, 0, node, 0);
  }

  private static boolean globMatches(String glob, int at, String text, int from) {
    if (at == glob.length()) {
      return from == text.length();
    }
    if (glob.charAt(at) == '*') {
      for (int next = from; next <= text.length(); next++) {
        if (globMatches(glob, at + 1, text, next)) {
          return true;
        }
      }
      return false;
    }
    return from < text.length()
        && glob.charAt(at) == text.charAt(from)
        && globMatches(glob, at + 1, text, from + 1);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathPattern that && nodes.equals(that.nodes);
  }

  @Override
  public int hashCode() {
    return nodes.hashCode();
  }

  @Override
  public String toString() {
    return String.join(".", nodes);
  }
}
