/**
 * All pipe statements of one term of leadership, as a state machine: who has the turn on which
 * pipe, which DataNodes are being told what, what is to be decided next and what the client is
 * answered.
 *
 * <p>Nouns: {@link io.sluice.confignode.core.statement.PipeStatements} (the machine), {@link
 * io.sluice.confignode.core.statement.PipeEvent} (what happened), {@link
 * io.sluice.confignode.core.statement.PipeEffect} (what is to be done about it), {@link
 * io.sluice.confignode.core.statement.Milestone} (the points a statement passes, which tests kill
 * the leader at).
 *
 * <p>Path of a statement: asked → its turn on that pipe → begin decided → every DataNode that is up
 * is told → end decided → answered. Where one could not be told: undoing decided → those that did
 * it are told to undo it → end decided → answered. A procedure that is recorded and that nobody
 * works on was left by an earlier leader or given up by this one: it is undone.
 *
 * <p>Invariants: what this machine knows and the image does not may be lost at any moment; success
 * is answered only once the end is recorded; a statement answered as failed is undone by whoever
 * leads, DROP excepted; on one pipe one procedure at a time; every wait has a deadline.
 *
 * <p>Never imports I/O, Thrift, Ratis, logging or a clock.
 */
package io.sluice.confignode.core.statement;
