package io.sluice.cli.load;

import java.util.regex.Pattern;

/**
 * A series as device and measurement.
 *
 * @param device a path from root
 * @param measurement its last node, in back-quotes where it is no plain name
 */
record SeriesName(String device, String measurement) {
  private static final Pattern PLAIN_NODE = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

  private static final Pattern DEVICE =
      Pattern.compile("root(\\.([\\p{L}\\p{N}_:@#${}\\-]+|`([^`]|``)+`))+");

  /** Cuts a path before its last node; back-quotes may hold dots. */
  static SeriesName parse(String path) throws BadLayoutException {
    boolean quoted = false;
    int lastDot = -1;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '`') {
        quoted = !quoted;
      } else if (c == '.' && !quoted) {
        lastDot = i;
      }
    }
    if (quoted || lastDot < 1 || lastDot == path.length() - 1) {
      throw new BadLayoutException("not a series: " + path);
    }
    String device = path.substring(0, lastDot);
    if (!isDevice(device)) {
      throw new BadLayoutException("not a series: " + path);
    }
    return new SeriesName(device, path.substring(lastDot + 1));
  }

  /** Any text as a node of a path: quoted unless it is plain or quoted already. */
  static String node(String text) {
    boolean quotedAlready = text.length() > 2 && text.startsWith("`") && text.endsWith("`");
    if (quotedAlready || PLAIN_NODE.matcher(text).matches()) {
      return text;
    }
    return '`' + text.replace("`", "``") + '`';
  }

  /** Whether the text is a path that a device can have: from root, no wildcards, nodes in order. */
  static boolean isDevice(String path) {
    return DEVICE.matcher(path).matches();
  }

  String path() {
    return device + "." + measurement;
  }
}
