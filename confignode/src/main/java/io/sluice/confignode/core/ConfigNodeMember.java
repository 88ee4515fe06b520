package io.sluice.confignode.core;

/**
 * A registered ConfigNode.
 *
 * @param id counts up over both kinds of nodes
 * @param internal where its Thrift service listens
 * @param raft where its Raft server listens
 */
public record ConfigNodeMember(int id, Address internal, Address raft) {}
