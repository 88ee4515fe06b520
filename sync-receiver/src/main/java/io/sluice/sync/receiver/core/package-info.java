/**
 * What a receiver decides. One session (a sender's connection, once it is let in) is a state
 * machine: {@link io.sluice.sync.receiver.core.SessionEvent}s in, {@link
 * io.sluice.sync.receiver.core.SessionEffect}s out of {@link
 * io.sluice.sync.receiver.core.SessionCore#step}. Within it {@code PieceFlow} keeps the pieces in
 * order, from their announcement to their turn, and {@code PieceLoad} sees one into its targets.
 *
 * <p>HELLO → from a {@link io.sluice.sync.receiver.core.Timeline} (the sender's log), the ledger
 * and the records a {@link io.sluice.sync.receiver.core.Handshake} decides where the source goes on
 * → WELCOME → pieces: announced, admitted, arriving, finished, whole, applied; {@link
 * io.sluice.sync.receiver.core.SessionPositions} says which record to expect and set in which
 * target for each, and how far the position is. Any failure: the last word says why, files that no
 * target needs are let go, and what is being applied is finished without a word.
 *
 * <p>Invariants: a piece is applied by compare-and-set, so that none overtakes another and none is
 * done twice; the position passes a piece only when every target has applied it; a target whose
 * record cannot be placed on the sender's log starts from 0, never from a guess; nothing is said
 * after the last word.
 *
 * <p>Pure: no I/O, no clock, no threads, no futures, no logging, no network types.
 */
package io.sluice.sync.receiver.core;
