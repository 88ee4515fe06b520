package io.sluice.cli.proxy;

import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.Place;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** See the package. Thread-safe; what a method does is in effect when it returns. */
public final class ProxyNetwork implements Place.Network, AutoCloseable {
  /** Names are known from the start, since a JVM remembers that it did not know one. */
  private static final int NODES_MAX = 32;

  /** Whoever knows a node by its address alone, such as the senders that have it as their sink. */
  private static final int ANYBODY = 0;

  private static final long LOOK_MS = 100;
  private static final int OCTETS = 200;
  private static final int FIRST_OCTET = 20;

  private final ForwardingLoop loop;
  private final int octet = FIRST_OCTET + (int) (ProcessHandle.current().pid() % OCTETS);
  private final List<Proxied> nodes = new ArrayList<>();
  private final Map<Way, Link> links = new ConcurrentHashMap<>();

  /** By number. */
  private record Way(int from, int to) {}

  public ProxyNetwork() throws IOException {
    loop = new ForwardingLoop();
  }

  /** Why there can be none here; empty when there can. */
  public static String missing() {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName("127.77.1.2"))) {
      return probe.isBound() ? "" : "127.77.1.2 cannot be listened on";
    } catch (IOException e) {
      return "only 127.0.0.1 is a loopback address here (" + e + ")";
    }
  }

  @Override
  public synchronized Place add(Path home) throws IOException {
    int number = nodes.size() + 1;
    if (number > NODES_MAX) {
      throw new IOException("a network has " + NODES_MAX + " nodes at most");
    }
    Path hosts = home.resolve("hosts");
    Files.writeString(hosts, hosts(number));
    for (Proxied other : nodes) {
      links.put(new Way(other.number, number), newLink(other.number, number));
      Link there = newLink(number, other.number);
      links.put(new Way(number, other.number), there);
      loop.call(() -> there.open(other.ports));
    }
    links.put(new Way(ANYBODY, number), newLink(ANYBODY, number));
    Proxied added = new Proxied(number, hosts);
    nodes.add(added);
    return added;
  }

  private Link newLink(int from, int to) {
    return new Link(loop, address(from, from), address(from, to), address(to, to));
  }

  private String address(int from, int to) {
    return "127." + octet + "." + from + "." + to;
  }

  private static String name(int number) {
    return "n" + number;
  }

  private String hosts(int from) throws IOException {
    StringBuilder text = new StringBuilder("127.0.0.1 localhost\n");
    text.append("127.0.0.1 ").append(InetAddress.getLocalHost().getHostName()).append('\n');
    for (int to = 1; to <= NODES_MAX; to++) {
      text.append(address(from, to)).append(' ').append(name(to)).append('\n');
    }
    return text.toString();
  }

  /** Lets nothing of what {@code from} opens to {@code to} through. */
  public void cut(LocalNode from, LocalNode to) throws IOException {
    Link link = link(from, to);
    loop.call(link::cut);
  }

  /** Cuts both directions between each of {@code these} and each of {@code those}. */
  public void part(Collection<LocalNode> these, Collection<LocalNode> those) throws IOException {
    for (LocalNode here : these) {
      for (LocalNode there : those) {
        if (here != there) {
          cut(here, there);
          cut(there, here);
        }
      }
    }
  }

  /** Lets nothing through of what is opened to the node's {@link Place#front}, by whomever. */
  public void cutFront(LocalNode to) throws IOException {
    loop.call(links.get(new Way(ANYBODY, number(to)))::cut);
  }

  /** Ends the connections that {@code from} has opened to {@code to}; new ones are taken. */
  public void reset(LocalNode from, LocalNode to) throws IOException {
    Link link = link(from, to);
    loop.call(link::reset);
  }

  /** Every piece of what passes on connections that {@code from} opened to {@code to} waits. */
  public void delay(LocalNode from, LocalNode to, long ms) throws IOException {
    Link link = link(from, to);
    loop.call(() -> link.delay(ms));
  }

  /** Everything gets through again at once, also what was held. */
  public void heal() throws IOException {
    for (Link link : links.values()) {
      loop.call(link::heal);
    }
  }

  private Link link(LocalNode from, LocalNode to) {
    return links.get(new Way(number(from), number(to)));
  }

  private static int number(LocalNode node) {
    return ((Proxied) node.place()).number;
  }

  private List<Link> linksTo(int number) {
    return links.entrySet().stream()
        .filter(link -> link.getKey().to() == number)
        .map(Map.Entry::getValue)
        .toList();
  }

  @Override
  public void close() throws InterruptedException {
    loop.close();
  }

  private final class Proxied implements Place {
    final int number;
    final Path hosts;
    Set<Integer> expected = Set.of();
    Set<Integer> ports = Set.of();

    Proxied(int number, Path hosts) {
      this.number = number;
      this.hosts = hosts;
    }

    @Override
    public String name() {
      return ProxyNetwork.name(number);
    }

    @Override
    public String address() {
      return ProxyNetwork.this.address(number, number);
    }

    @Override
    public String front() {
      return ProxyNetwork.this.address(ANYBODY, number);
    }

    @Override
    public Map<String, String> settings() {
      return Map.of(
          "cn_internal_address", name(),
          "dn_internal_address", name(),
          "dn_rpc_address", name(),
          "ip_white_list", "127.0.0.0/8");
    }

    @Override
    public List<String> javaOptions() {
      return List.of("-Djdk.net.hosts.file=" + hosts);
    }

    /** The others can connect as soon as the process listens, as without a proxy. */
    @Override
    public void opens(Collection<Integer> opened) throws IOException {
      loop.call(
          () -> {
            expected = Set.copyOf(opened);
            openWhatListens();
          });
    }

    /** In the loop's thread. */
    private void openWhatListens() throws IOException {
      Set<Integer> there = expected.isEmpty() ? new HashSet<>() : Listening.on(address());
      there.retainAll(expected);
      if (!there.equals(ports)) {
        ports = there;
        for (Link link : linksTo(number)) {
          link.open(there);
        }
      }
      if (!there.equals(expected)) {
        loop.after(LOOK_MS, this::lookAgain);
      }
    }

    private void lookAgain() {
      try {
        openWhatListens();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void closes() {
      try {
        opens(List.of());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
