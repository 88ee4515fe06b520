/**
 * How Ratis's connections find other nodes. Raft names its members by node id; the address in its
 * configuration is the one of the day it was written, and Ratis keeps the first one it hears for as
 * long as the process lives. Here a connection's target is the peer's name, and gRPC asks {@link
 * io.sluice.common.raft.PeerAddresses} each time it connects. So a node that restarts elsewhere is
 * found without a restart of anybody else, and without a change to any log where the cluster knows
 * the address by other ways.
 *
 * <p>Path: {@link io.sluice.common.raft.NamedRpcType} has Ratis make its gRPC services as usual,
 * wrapped so that each peer it is told of is registered under a target of this process's.
 *
 * <p>Knows neither the metadata's group nor the regions'.
 */
package io.sluice.common.raft;
