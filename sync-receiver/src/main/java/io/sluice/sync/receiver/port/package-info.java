/**
 * What the receiver needs of its host. Nouns: the {@link
 * io.sluice.sync.receiver.port.TargetCluster} it stands in, a {@link
 * io.sluice.sync.receiver.port.TargetRegion} that keeps record and ledger, the {@link
 * io.sluice.sync.receiver.port.PieceSplitter} that routes a piece by device into {@link
 * io.sluice.sync.receiver.port.PiecePart}s.
 *
 * <p>Invariant every adapter keeps: a load or ledger write that reported success survives kill -9
 * of the target; one that did not may still happen later.
 *
 * <p>Imports only {@code common}.
 */
package io.sluice.sync.receiver.port;
