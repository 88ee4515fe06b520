package io.sluice.datanode.rpc;

import io.sluice.datanode.statement.StatementExecutor;

/**
 * What client calls use; shared by all connections.
 *
 * @param statements executes what they ask for
 * @param credentials who may log in
 */
public record ClientCalls(StatementExecutor statements, Credentials credentials) {}
