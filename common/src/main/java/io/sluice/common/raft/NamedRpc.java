package io.sluice.common.raft;

import io.sluice.common.config.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;

/** Ratis's gRPC services, told of peers by name instead of address; all else is passed on. */
final class NamedRpc implements GrpcServices {
  private final GrpcServicesImpl wrapped;
  private final PeerAddresses addresses;

  NamedRpc(GrpcServicesImpl wrapped, PeerAddresses addresses) {
    this.wrapped = wrapped;
    this.addresses = addresses;
  }

  GrpcServicesImpl wrapped() {
    return wrapped;
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {
    wrapped.addRaftPeers(peers.stream().map(this::named).toList());
  }

  private RaftPeer named(RaftPeer peer) {
    addresses.heard(peer.getId(), HostPort.parse(peer.getAddress()));
    return RaftPeer.newBuilder(peer).setAddress(addresses.target(peer.getId())).build();
  }

  @Override
  public void start() throws IOException {
    wrapped.start();
  }

  @Override
  public void close() throws IOException {
    wrapped.close();
  }

  @Override
  public RpcType getRpcType() {
    return wrapped.getRpcType();
  }

  @Override
  public InetSocketAddress getInetSocketAddress() {
    return wrapped.getInetSocketAddress();
  }

  @Override
  public InetSocketAddress getClientServerAddress() {
    return wrapped.getClientServerAddress();
  }

  @Override
  public InetSocketAddress getAdminServerAddress() {
    return wrapped.getAdminServerAddress();
  }

  @Override
  public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {
    wrapped.handleException(serverId, e, reconnect);
  }

  @Override
  public void notifyNotLeader(RaftGroupId groupId) {
    wrapped.notifyNotLeader(groupId);
  }

  @Override
  public RaftServerAsynchronousProtocol async() {
    return wrapped.async();
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    return wrapped.requestVote(request);
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return wrapped.appendEntries(request);
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return wrapped.installSnapshot(request);
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return wrapped.startLeaderElection(request);
  }
}
