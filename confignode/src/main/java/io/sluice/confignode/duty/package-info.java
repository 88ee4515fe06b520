/**
 * What the leading ConfigNode does besides deciding: it watches the DataNodes, carries decisions to
 * them, and brings those back into line that missed something.
 *
 * <p>Nouns: {@link io.sluice.confignode.duty.LeaderDuties} (all of it, for one term of leadership),
 * {@link io.sluice.confignode.duty.Heartbeats} and {@link io.sluice.confignode.duty.NodeHealth},
 * {@link io.sluice.confignode.duty.RegionKeeper}, {@link io.sluice.confignode.duty.PipeDuty},
 * {@link io.sluice.confignode.duty.MemberKeeper}; {@link io.sluice.confignode.duty.DataNodeCalls}
 * is the way to a DataNode.
 *
 * <p>Path of CREATE PIPE: service → {@code PipeDuty}, which carries out what {@code
 * core.statement.PipeStatements} says: it waits for its turn on that pipe → begin is recorded →
 * every DataNode that is up is told, in parallel → the end is recorded → answer.
 *
 * <p>Invariants: what is to be done is recorded before it is done; what a DataNode may have missed
 * reaches it by a repeated call (regions) or with the whole pipe table (pipes); a duty that finds
 * itself deposed stops without effect, since its decisions are refused.
 */
package io.sluice.confignode.duty;
