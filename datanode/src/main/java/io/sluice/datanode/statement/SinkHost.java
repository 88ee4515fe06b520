package io.sluice.datanode.statement;

import io.netty.util.NetUtil;
import io.sluice.common.status.StatusException;
import java.util.regex.Pattern;

/** Where a sink may lead. A name is looked up at each connecting, never here. */
final class SinkHost {
  static final int PORT_MAX = 65_535;

  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");

  private static final int NAME_CHARS_MAX = 253;
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]*");
  private static final Pattern NAME =
      Pattern.compile(
          "([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)"
              + "(\\.([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?))*\\.?");

  private SinkHost() {}

  /** The attribute {@code ip}. */
  static String ip(String value) throws StatusException {
    if (!isIpv4(value)) {
      throw SinkAttributes.refused(value + " is nonstandard IP address, only support IPv4 now.");
    }
    return value;
  }

  static boolean isIpv4(String value) {
    return IPV4.matcher(value).matches();
  }

  /** The attribute {@code host}: without the brackets that an IPv6 address may be given in. */
  static String host(String value) throws StatusException {
    boolean bracketed = value.startsWith("[") && value.endsWith("]");
    String host = bracketed ? value.substring(1, value.length() - 1) : value;
    if (NetUtil.isValidIpV6Address(host) || !bracketed && isName(host)) {
      return host;
    }
    throw SinkAttributes.refused("host='" + value + "' is neither a DNS name nor an IP address.");
  }

  private static boolean isName(String host) {
    boolean digitsOnly = DIGITS_AND_DOTS.matcher(host).matches();
    return digitsOnly
        ? isIpv4(host)
        : host.length() <= NAME_CHARS_MAX && NAME.matcher(host).matches();
  }

  /** The attribute {@code port}. */
  static int port(String value) throws StatusException {
    int port;
    try {
      port = Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw SinkAttributes.refused("port=%s has wrong format, require for INT32.".formatted(value));
    }
    if (port < 1 || port > PORT_MAX) {
      throw SinkAttributes.refused(
          "port=%d is out of range, require for 1 to %d.".formatted(port, PORT_MAX));
    }
    return port;
  }
}
