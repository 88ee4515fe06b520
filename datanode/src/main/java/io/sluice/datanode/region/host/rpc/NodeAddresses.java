package io.sluice.datanode.region.host.rpc;

import io.sluice.datanode.region.RegionMember;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.apache.ratis.thirdparty.io.grpc.EquivalentAddressGroup;
import org.apache.ratis.thirdparty.io.grpc.NameResolver;
import org.apache.ratis.thirdparty.io.grpc.NameResolverProvider;
import org.apache.ratis.thirdparty.io.grpc.NameResolverRegistry;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.apache.ratis.thirdparty.io.grpc.StatusOr;

/**
 * Where the nodes' Raft servers are: what the cluster says now, else what was heard last. gRPC asks
 * for a node's address whenever it connects or has failed to. Thread-safe.
 */
public final class NodeAddresses extends NameResolverProvider implements AutoCloseable {
  /** gRPC prefers 5, its own: an address without a scheme stays a host's name. */
  private static final int PRIORITY = 1;

  /** Of this object alone: there may be several nodes in one process. */
  private final String scheme = "node-" + UUID.randomUUID();

  private final IntFunction<Optional<RegionMember>> now;
  private final Map<Integer, RegionMember> heard = new ConcurrentHashMap<>();

  private NodeAddresses(IntFunction<Optional<RegionMember>> now) {
    this.now = now;
  }

  /**
   * @param now what the cluster says of a node; must not block
   */
  public static NodeAddresses open(IntFunction<Optional<RegionMember>> now) {
    NodeAddresses addresses = new NodeAddresses(now);
    NameResolverRegistry.getDefaultRegistry().register(addresses);
    return addresses;
  }

  /** Remembers an address, for as long as the cluster says nothing of that node. */
  public void heard(RegionMember member) {
    heard.put(member.nodeId(), member);
  }

  public Optional<RegionMember> of(int nodeId) {
    Optional<RegionMember> said = now.apply(nodeId);
    return said.isPresent() ? said : Optional.ofNullable(heard.get(nodeId));
  }

  /** What gRPC is to connect to instead of an address. */
  String target(int nodeId) {
    return scheme + ":///" + nodeId;
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
    return new Resolver(Integer.parseInt(target.getPath().substring(1)));
  }

  @Override
  public void close() {
    NameResolverRegistry.getDefaultRegistry().deregister(this);
  }

  private final class Resolver extends NameResolver {
    private final int nodeId;
    private volatile Listener2 listener;

    Resolver(int nodeId) {
      this.nodeId = nodeId;
    }

    @Override
    public String getServiceAuthority() {
      return "datanode-" + nodeId;
    }

    @Override
    public void start(Listener2 to) {
      listener = to;
      refresh();
    }

    @Override
    public void refresh() {
      Optional<RegionMember> member = of(nodeId);
      if (member.isEmpty()) {
        listener.onError(Status.UNAVAILABLE.withDescription("no address of DataNode " + nodeId));
        return;
      }
      InetSocketAddress address =
          new InetSocketAddress(member.get().host(), member.get().raftPort());
      listener.onResult(
          ResolutionResult.newBuilder()
              .setAddressesOrError(StatusOr.fromValue(List.of(new EquivalentAddressGroup(address))))
              .build());
    }

    @Override
    public void shutdown() {
      // Nothing is held.
    }
  }
}
