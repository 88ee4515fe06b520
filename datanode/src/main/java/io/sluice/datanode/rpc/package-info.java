/**
 * The client port: Netty below, the clients' Thrift protocol on top, one session per connection.
 *
 * <p>Nouns: {@link io.sluice.datanode.rpc.ClientServer} (the port), {@link
 * io.sluice.datanode.rpc.ClientSession} (who is logged in on a connection, with the queries it has
 * open), {@link io.sluice.datanode.rpc.ClientRpcHandler} (the calls).
 *
 * <p>A call: {@code FirstBytes} tells a client from another cluster's sender by the first bytes;
 * {@code FrameHandler} gathers one frame in one array, counted against the node's in-flight bytes,
 * and runs it on the worker pool; {@code FrameTransport} lets Thrift read that array in place and
 * write the reply behind four reserved bytes; {@code ClientRpcHandler} turns the request into
 * statements or log entries and their outcome into a status.
 *
 * <p>Invariants: calls of one connection run one after another in order; no exception leaves a
 * handler, since clients take one for a network failure and repeat the call; whatever a connection
 * sends costs at most that connection; connections, frames, open queries and in-flight bytes are
 * bounded; no reply comes near the 64 MB at which clients give up.
 *
 * <p>Never imports regions' insides, files, or the sync modules: a sender's connection is handed on
 * through {@link io.sluice.datanode.rpc.ProtocolSwitch}.
 */
package io.sluice.datanode.rpc;
