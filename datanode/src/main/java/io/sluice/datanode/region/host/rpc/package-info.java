/**
 * How Ratis's connections find other nodes. Raft names its members by node id; the address in its
 * configuration is the one of the day it was written, and Ratis keeps the first one it hears for as
 * long as the process lives. Here a connection's target is the node's id, and gRPC asks {@link
 * io.sluice.datanode.region.host.rpc.NodeAddresses} each time it connects. So a node that restarts
 * elsewhere, or all of them, is found without a change to any log.
 *
 * <p>Path: {@link io.sluice.datanode.region.host.rpc.NamedRpcType} has Ratis make its gRPC services
 * as usual, wrapped so that each peer it is told of is registered under a target of this process's.
 *
 * <p>Never imports anything of the region but {@link io.sluice.datanode.region.RegionMember}.
 */
package io.sluice.datanode.region.host.rpc;
