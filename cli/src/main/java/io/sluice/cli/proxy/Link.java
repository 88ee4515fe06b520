package io.sluice.cli.proxy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one node opens to another. Cut, it loses what is sent, as a broken cable would: bytes of
 * open connections stay where they are, in both directions, and nobody answers who wants to
 * connect. In the loop's thread only.
 */
final class Link {
  private static final int BACKLOG = 512;

  /** One that two connections fill, after which Linux lets the rest go unanswered. */
  private static final int TINY_BACKLOG = 1;

  private final ForwardingLoop loop;
  private final String fromAddress;
  private final String proxyAddress;
  private final String toAddress;
  private final Map<Integer, ServerSocketChannel> listeners = new HashMap<>();
  private final List<SocketChannel> stuffing = new ArrayList<>();
  private List<Relay> relays = new ArrayList<>();
  private boolean cut;
  private long delayMs;
  private IOException lastFailure;

  Link(ForwardingLoop loop, String fromAddress, String proxyAddress, String toAddress) {
    this.loop = loop;
    this.fromAddress = fromAddress;
    this.proxyAddress = proxyAddress;
    this.toAddress = toAddress;
  }

  boolean passes() {
    return !cut;
  }

  long delayMs() {
    return delayMs;
  }

  /** Takes connections for these ports of the node, and for no others. */
  void open(Collection<Integer> ports) throws IOException {
    for (int port : List.copyOf(listeners.keySet())) {
      if (!ports.contains(port)) {
        listeners.remove(port).close();
      }
    }
    loop.letGo();
    for (int port : ports) {
      if (!listeners.containsKey(port)) {
        listen(port);
      }
    }
  }

  /** Nothing listens there: who connects is refused, as far as anything gets through. */
  void shut() throws IOException {
    open(List.of());
  }

  void cut() throws IOException {
    if (!cut) {
      cut = true;
      listenAgain();
      relays.forEach(Relay::moved);
    }
  }

  void heal() throws IOException {
    delayMs = 0;
    if (cut) {
      cut = false;
      for (SocketChannel each : stuffing) {
        each.close();
      }
      stuffing.clear();
      listenAgain();
      relays.forEach(Relay::moved);
    }
  }

  /** Every piece that is read goes on this much later. */
  void delay(long ms) {
    delayMs = ms;
  }

  /** Ends the open connections. */
  void reset() {
    relays.forEach(Relay::reset);
    relays.clear();
  }

  void failed(IOException e) {
    lastFailure = e;
  }

  private void listenAgain() throws IOException {
    List<Integer> ports = List.copyOf(listeners.keySet());
    shut();
    open(ports);
  }

  private void listen(int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(proxyAddress, port);
    ServerSocketChannel listener = ServerSocketChannel.open();
    listeners.put(port, listener);
    listener.bind(address, cut ? TINY_BACKLOG : BACKLOG);
    if (!cut) {
      loop.register(listener, SelectionKey.OP_ACCEPT, key -> accept(listener, port));
      return;
    }
    for (int i = 0; i <= TINY_BACKLOG; i++) {
      SocketChannel stuff = SocketChannel.open();
      stuffing.add(stuff);
      stuff.configureBlocking(false);
      stuff.connect(address);
    }
  }

  private void accept(ServerSocketChannel listener, int port) {
    relays = new ArrayList<>(relays.stream().filter(Relay::open).toList());
    try {
      SocketChannel caller = listener.accept();
      if (caller != null) {
        relays.add(
            new Relay(loop, this, caller, fromAddress, new InetSocketAddress(toAddress, port)));
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  @Override
  public String toString() {
    return proxyAddress + (cut ? " cut" : "") + (lastFailure == null ? "" : " " + lastFailure);
  }
}
