package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.ArrayList;
import java.util.List;

/**
 * Paths as client calls send them, checked and brought to the one form the schema uses: a node has
 * back-quotes only where it needs them.
 */
public final class LegalPath {
  private LegalPath() {}

  /**
   * A device or a whole series path: at least {@code root} and one node, no wildcards.
   *
   * @throws StatusException 509 when it is no path
   */
  public static String of(String text) throws StatusException {
    List<String> nodes = nodes(text);
    if (nodes.size() < 2) {
      throw illegal(text);
    }
    for (String node : nodes) {
      if (!isNode(node)) {
        throw illegal(text);
      }
    }
    return String.join(".", nodes);
  }

  /** One measurement: a plain node, or one in back-quotes. */
  public static String measurement(String text) throws StatusException {
    if (text == null || text.isEmpty()) {
      throw illegal(String.valueOf(text));
    }
    if (PathPattern.plain(text)) {
      return text;
    }
    List<String> nodes = splitOrRefuse(text);
    if (nodes.size() != 1 || !isNode(nodes.get(0))) {
      throw illegal(text);
    }
    return unquoted(nodes.get(0));
  }

  /** A pattern below {@code root}; wildcards are allowed. */
  public static PathPattern pattern(String text) throws StatusException {
    return PathPattern.of(nodes(text));
  }

  private static List<String> nodes(String text) throws StatusException {
    List<String> nodes = new ArrayList<>();
    for (String node : splitOrRefuse(text)) {
      nodes.add(unquoted(node));
    }
    if (!nodes.get(0).equals("root")) {
      throw illegal(text);
    }
    return nodes;
  }

  private static List<String> splitOrRefuse(String text) throws StatusException {
    if (text == null) {
      throw illegal("null");
    }
    try {
      return PathPattern.split(text);
    } catch (IllegalArgumentException e) {
      throw new StatusException(StatusCode.ILLEGAL_PATH, text + " is not a legal path", e);
    }
  }

  private static boolean isNode(String node) {
    return PathPattern.plain(node) || quoted(node);
  }

  private static boolean quoted(String node) {
    return node.length() > 2 && node.startsWith("`") && node.endsWith("`");
  }

  private static String unquoted(String node) {
    if (quoted(node)) {
      String inner = node.substring(1, node.length() - 1);
      return PathPattern.plain(inner) ? inner : node;
    }
    return node;
  }

  private static StatusException illegal(String text) {
    return new StatusException(StatusCode.ILLEGAL_PATH, text + " is not a legal path");
  }
}
