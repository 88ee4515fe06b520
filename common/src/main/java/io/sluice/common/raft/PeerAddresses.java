package io.sluice.common.raft;

import io.sluice.common.config.HostPort;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.EquivalentAddressGroup;
import org.apache.ratis.thirdparty.io.grpc.NameResolver;
import org.apache.ratis.thirdparty.io.grpc.NameResolverProvider;
import org.apache.ratis.thirdparty.io.grpc.NameResolverRegistry;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusOr;

/**
 * Where the other nodes' Raft servers are: what the cluster says now, else what was heard last.
 * gRPC asks for a peer's address whenever it connects or has failed to. Thread-safe.
 */
public final class PeerAddresses extends NameResolverProvider implements AutoCloseable {
  /** gRPC prefers 5, its own: an address without a scheme stays a host's name. */
  private static final int PRIORITY = 1;

  /** Of this object alone: there may be several nodes in one process. */
  private final String scheme = "peer-" + UUID.randomUUID();

  private final Function<RaftPeerId, Optional<HostPort>> now;
  private final Map<RaftPeerId, HostPort> heard = new ConcurrentHashMap<>();

  private PeerAddresses(Function<RaftPeerId, Optional<HostPort>> now) {
    this.now = now;
  }

  /**
   * @param now what the cluster says of a peer; must not block
   */
  public static PeerAddresses open(Function<RaftPeerId, Optional<HostPort>> now) {
    PeerAddresses addresses = new PeerAddresses(now);
    NameResolverRegistry.getDefaultRegistry().register(addresses);
    return addresses;
  }

  /** Remembers an address, for as long as the cluster says nothing of that peer. */
  public void heard(RaftPeerId peer, HostPort address) {
    heard.put(peer, address);
  }

  public Optional<HostPort> of(RaftPeerId peer) {
    Optional<HostPort> said = now.apply(peer);
    return said.isPresent() ? said : Optional.ofNullable(heard.get(peer));
  }

  /** What gRPC is to connect to instead of an address. */
  String target(RaftPeerId peer) {
    return scheme + ":///" + peer;
  }

  @Override
  public String getScheme() {
    return scheme;
  }

  /** Of the scheme's name for URIs without one: never used. */
  @Override
  public String getDefaultScheme() {
    return scheme;
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }

  @Override
  public NameResolver newNameResolver(URI target, NameResolver.Args args) {
    if (!scheme.equals(target.getScheme())) {
      return null;
    }
    return new Resolver(RaftPeerId.valueOf(target.getPath().substring(1)));
  }

  @Override
  public void close() {
    NameResolverRegistry.getDefaultRegistry().deregister(this);
  }

  private final class Resolver extends NameResolver {
    private final RaftPeerId peer;
    private volatile Listener2 listener;

    Resolver(RaftPeerId peer) {
      this.peer = peer;
    }

    @Override
    public String getServiceAuthority() {
      return peer.toString();
    }

    @Override
    public void start(Listener2 to) {
      listener = to;
      refresh();
    }

    @Override
    public void refresh() {
      Optional<HostPort> address = of(peer);
      if (address.isEmpty()) {
        listener.onError(Status.UNAVAILABLE.withDescription("no address of " + peer));
        return;
      }
      var socket = new InetSocketAddress(address.get().host(), address.get().port());
      listener.onResult(
          ResolutionResult.newBuilder()
              .setAddressesOrError(StatusOr.fromValue(List.of(new EquivalentAddressGroup(socket))))
              .build());
    }

    @Override
    public void shutdown() {
      // Nothing is held.
    }
  }
}
