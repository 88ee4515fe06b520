package io.sluice.common.raft;

import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Ratis's gRPC, with peers found by their names. Ratis makes it by its class name, hence public.
 */
public final class NamedRpcType implements RpcType {
  private static final String ADDRESSES = "sluice.peer.addresses";

  /**
   * Has the server with these properties and parameters find its peers through {@code addresses}.
   */
  public static Parameters use(RaftProperties properties, PeerAddresses addresses) {
    RaftConfigKeys.Rpc.setType(properties, new NamedRpcType());
    Parameters parameters = new Parameters();
    parameters.put(ADDRESSES, addresses, PeerAddresses.class);
    return parameters;
  }

  @Override
  public String name() {
    return NamedRpcType.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new Factory(parameters);
  }

  private static final class Factory extends GrpcFactory {
    private final PeerAddresses addresses;

    Factory(Parameters parameters) {
      super(parameters);
      this.addresses = parameters.getNonNull(ADDRESSES, PeerAddresses.class);
    }

    @Override
    public GrpcServices newRaftServerRpc(RaftServer server) {
      return new NamedRpc((GrpcServicesImpl) super.newRaftServerRpc(server), addresses);
    }

    @Override
    public LogAppender newLogAppender(
        RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      return new Appender(server, state, follower);
    }
  }

  /** Ratis's appender expects its own services. */
  private static final class Appender extends GrpcLogAppender {
    Appender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
      super(server, state, follower);
    }

    @Override
    public GrpcServicesImpl getServerRpc() {
      return ((NamedRpc) getServer().getRaftServer().getServerRpc()).wrapped();
    }
  }
}
