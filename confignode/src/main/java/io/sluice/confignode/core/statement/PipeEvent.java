package io.sluice.confignode.core.statement;

import java.util.Optional;

/**
 * What happened. {@link Told} may come late or twice: one that fits nothing under way is ignored.
 * {@link Decided} comes once for each decision.
 */
public sealed interface PipeEvent {
  /**
   * A client wants something.
   *
   * @param statement the caller's own number for it, given back with the answer
   */
  record Asked(long statement, PipeStatement what) implements PipeEvent {}

  /** Every DataNode was asked once in this term how it is. */
  record FirstRoundOver() implements PipeEvent {}

  /** The outcome of {@link PipeEffect.Decide}. */
  record Decided(long turn, Decision decision) implements PipeEvent {}

  /**
   * The outcome of {@link PipeEffect.Tell}.
   *
   * @param call the effect's
   * @param failure empty when the DataNode did it
   */
  record Told(long turn, int call, int node, Optional<String> failure) implements PipeEvent {}

  /** Time has passed. To come several times within the shortest time-out. */
  record Tick() implements PipeEvent {}

  /** This ConfigNode no longer leads, or is closing: what waits is answered so. */
  record Ceased() implements PipeEvent {}
}
