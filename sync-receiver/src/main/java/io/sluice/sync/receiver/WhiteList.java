package io.sluice.sync.receiver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which addresses may send: IPv4 and IPv6 networks in CIDR form. Empty lets nobody in. An
 * IPv4-mapped IPv6 address counts as the IPv4 address. Immutable.
 */
public final class WhiteList {
  /** Only digits, so that nothing is ever looked up by name. */
  private static final Pattern IPV4 =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** Before the IPv4 address in an IPv4-mapped IPv6 one. */
  private static final int MAPPED_BITS = 96;

  private static final Pattern PREFIX = Pattern.compile("\\d{1,3}");

  private final List<Network> networks;
  private final String text;

  private record Network(byte[] address, int prefixBits) {
    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < prefixBits; bit++) {
        int mask = 0x80 >>> (bit % 8);
        if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }

  private WhiteList(List<Network> networks, String text) {
    this.networks = List.copyOf(networks);
    this.text = text;
  }

  /**
   * @param text networks separated by commas, such as {@code 192.168.0.0/16, 2001:db8::/32}; an
   *     address without a prefix stands for itself alone
   * @throws MalformedWhiteListException naming the first entry that is neither
   */
  public static WhiteList parse(String text) throws MalformedWhiteListException {
    List<Network> networks = new ArrayList<>();
    if (!text.isBlank()) {
      for (String entry : text.split(",", -1)) {
        networks.add(network(entry.strip()));
      }
    }
    return new WhiteList(networks, text.strip());
  }

  private static Network network(String entry) throws MalformedWhiteListException {
    int slash = entry.indexOf('/');
    String host = slash < 0 ? entry : entry.substring(0, slash);
    byte[] address = address(host, entry);
    // ::ffff:10.0.0.1 has come out as the IPv4 address it is; its prefix still counts from the
    // left.
    int mappedBits = address.length == 4 && host.indexOf(':') >= 0 ? MAPPED_BITS : 0;
    int bits = address.length * 8;
    if (slash < 0) {
      return new Network(address, bits);
    }
    String prefix = entry.substring(slash + 1);
    int given = PREFIX.matcher(prefix).matches() ? Integer.parseInt(prefix) - mappedBits : -1;
    if (given < 0 || given > bits) {
      throw new MalformedWhiteListException(
          entry, "has no prefix length of " + mappedBits + " to " + (mappedBits + bits));
    }
    return new Network(address, given);
  }

  private static byte[] address(String host, String entry) throws MalformedWhiteListException {
    var ipv4 = IPV4.matcher(host);
    if (ipv4.matches()) {
      byte[] address = new byte[4];
      for (int i = 0; i < address.length; i++) {
        int part = Integer.parseInt(ipv4.group(i + 1));
        if (part > 255) {
          throw new MalformedWhiteListException(entry, "is no IP address or network");
        }
        address[i] = (byte) part;
      }
      return address;
    }
    if (IPV6.matcher(host).matches()) {
      try {
        return InetAddress.getByName(host).getAddress();
      } catch (UnknownHostException e) {
        throw new MalformedWhiteListException(entry, "is no IP address or network");
      }
    }
    throw new MalformedWhiteListException(entry, "is no IP address or network");
  }

  /** Whether a sender at {@code address} may send. */
  public boolean allows(InetAddress address) {
    byte[] bytes = address.getAddress();
    return networks.stream().anyMatch(network -> network.contains(bytes));
  }

  /** The same of an address as it is written; what is none may not send. */
  public boolean allows(String literal) {
    int scope = literal.indexOf('%');
    String address = scope < 0 ? literal : literal.substring(0, scope);
    try {
      byte[] bytes = address(address, address);
      return networks.stream().anyMatch(network -> network.contains(bytes));
    } catch (MalformedWhiteListException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
