package io.sluice.datanode.region.host;

import io.sluice.datanode.region.RegionMember;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;

/** Members in Ratis's words: a peer's name is its node's id. Stateless. */
final class PeerNames {
  private static final String PREFIX = "datanode-";

  private PeerNames() {}

  static RaftPeerId id(int nodeId) {
    return RaftPeerId.valueOf(PREFIX + nodeId);
  }

  static int nodeId(RaftPeerId peer) {
    return Integer.parseInt(peer.toString().substring(PREFIX.length()));
  }

  static RaftPeer peer(RegionMember member) {
    return RaftPeer.newBuilder()
        .setId(id(member.nodeId()))
        .setAddress(member.host() + ":" + member.raftPort())
        .build();
  }

  /** The member at the address Raft's configuration has. */
  static RegionMember member(RaftPeer peer) {
    String address = peer.getAddress();
    int colon = address.lastIndexOf(':');
    return new RegionMember(
        nodeId(peer.getId()),
        address.substring(0, colon),
        Integer.parseInt(address.substring(colon + 1)));
  }
}
