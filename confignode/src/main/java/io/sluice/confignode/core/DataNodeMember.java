package io.sluice.confignode.core;

/**
 * A registered DataNode.
 *
 * @param id counts up over both kinds of nodes
 * @param client where clients and senders connect
 * @param internal where its internal Thrift service listens
 * @param regionRaft where the Raft server of its regions listens
 */
public record DataNodeMember(int id, Address client, Address internal, Address regionRaft) {}
