package io.sluice.cli.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A series as device and measurement.
 *
 * @param device a path from root
 * @param measurement its last node, in back-quotes where it is no plain name
 */
public record SeriesPath(String device, String measurement) {
  private static final Pattern PLAIN_NODE = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final String ANY_NODE = "([\\p{L}\\p{N}_:@#${}\\-]+|`([^`]|``)+`)";
  private static final Pattern NODE = Pattern.compile(ANY_NODE);
  private static final Pattern DEVICE = Pattern.compile("root(\\." + ANY_NODE + ")+");

  /** Cuts a path before its last node; back-quotes may hold dots. Empty if it is no series. */
  public static Optional<SeriesPath> parse(String path) {
    boolean quoted = false;
    int lastDot = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '`') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        lastDot = i;
      }
    }
    String device = path.substring(0, lastDot);
    String measurement = path.substring(Math.min(path.length(), lastDot + 1));
    return isDevice(device) && NODE.matcher(measurement).matches()
        ? Optional.of(new SeriesPath(device, measurement))
        : Optional.empty();
  }

  /** Any text as a node of a path: quoted unless it is plain or quoted already. */
  public static String node(String text) {
    boolean quotedAlready = text.startsWith("`") && NODE.matcher(text).matches();
    if (quotedAlready || PLAIN_NODE.matcher(text).matches()) {
      return text;
    }
    return '`' + text.replace("`", "``") + '`';
  }

  /** Whether the text is a path that a device can have: from root, no wildcards, nodes in order. */
  public static boolean isDevice(String path) {
    return DEVICE.matcher(path).matches();
  }

  /**
   * The names of a path's nodes without their quotes: equal for two spellings of one path, as
   * servers differ in which names they quote.
   */
  public static List<String> nodeNames(String path) {
    List<String> names = new ArrayList<>();
    int begin = 0;
    boolean quoted = false;
    for (int i = 0; i <= path.length(); i++) {
      if (i == path.length() || (path.charAt(i) == '.' && !quoted)) {
        names.add(nodeName(path.substring(begin, i)));
        begin = i + 1;
      } else if (path.charAt(i) == '`') {
        quoted = !quoted;
      }
    }
    return names;
  }

  private static String nodeName(String node) {
    boolean quoted = node.length() > 2 && node.startsWith("`") && node.endsWith("`");
    return quoted ? node.substring(1, node.length() - 1).replace("``", "`") : node;
  }

  public String path() {
    return device + "." + measurement;
  }
}
