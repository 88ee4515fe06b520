/**
 * The metadata's Raft group: how decisions become facts that survive.
 *
 * <p>Nouns: {@link io.sluice.confignode.raft.MetadataGroup} (this member of the group), {@link
 * io.sluice.confignode.raft.MetadataStateMachine} (replays entries into the image), {@link
 * io.sluice.confignode.raft.Decider} (the one thread that decides).
 *
 * <p>Path of a command on the leader: queue → {@code Decider} decides it, with what waits beside
 * it, against the applied image → one {@code Proposal} → log, fsynced by a majority → {@code
 * MetadataStateMachine} replays → the command is answered.
 *
 * <p>Why two decisions cannot interleave wrongly: one thread decides, with one proposal in flight,
 * and a proposal takes effect only in the Raft term its proposer led in and on the image revision
 * it was decided on. A late proposal, or one of a deposed leader, is passed over by every member.
 *
 * <p>Why answers are exact: a proposal that an entry of a later term has overtaken can never take
 * effect; only then is it reported as not done.
 */
package io.sluice.confignode.raft;
