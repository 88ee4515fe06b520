/**
 * The receiver's arithmetic: from a {@link io.sluice.sync.receiver.core.Timeline} (the sender's
 * log), the ledger and the records, a {@link io.sluice.sync.receiver.core.Handshake} decides where
 * a source goes on; {@link io.sluice.sync.receiver.core.SessionPositions} then says which record to
 * expect and set in which target for each piece, and how far the position is.
 *
 * <p>Invariants: a piece is applied by compare-and-set, so that none overtakes another and none is
 * done twice; the position passes a piece only when every target has applied it; a target whose
 * record cannot be placed on the sender's log starts from 0, never from a guess.
 *
 * <p>Pure: no I/O, no clock, no threads, no logging, no network types.
 */
package io.sluice.sync.receiver.core;
