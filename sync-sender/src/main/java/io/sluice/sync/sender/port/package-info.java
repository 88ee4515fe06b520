/**
 * What the sender needs of its host: the {@link io.sluice.sync.sender.port.SourceRegions} led here,
 * each {@link io.sluice.sync.sender.port.SourceRegion} as {@link
 * io.sluice.sync.sender.port.ReadyRange}s in log order, and a {@link
 * io.sluice.sync.sender.port.PieceFile} to ship.
 *
 * <p>Invariants every adapter keeps: ranges come by ascending end and without gaps (the next one
 * starts at or below the end of the last); what is in a range is durable before it is handed out;
 * an open file does not change and does not go away.
 *
 * <p>Imports only {@code common}.
 */
package io.sluice.sync.sender.port;
