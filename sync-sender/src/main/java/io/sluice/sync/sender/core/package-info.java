/**
 * One feed (a running pipe and a region led here) as a state machine: {@link
 * io.sluice.sync.sender.core.FeedEvent}s in, {@link io.sluice.sync.sender.core.FeedEffect}s out of
 * {@link io.sluice.sync.sender.core.FeedCore#step}.
 *
 * <p>Connect → opening → claim → HELLO → WELCOME (where to start) → ranges in order, a small window
 * of them announced ahead → APPLIED → position. Any failure: everything of the connection is
 * dropped, and after a growing, capped delay it starts from connect, for ever.
 *
 * <p>Invariants: the position moves only by the receiver's word and never past what was announced;
 * nothing is skipped because it failed.
 *
 * <p>Pure: no I/O, no clock, no threads, no logging, no Netty.
 */
package io.sluice.sync.sender.core;
