package io.sluice.cli.value;

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

  public String path() {
    return device + "." + measurement;
  }
}
