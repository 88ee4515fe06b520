package io.sluice.confignode.core.statement;

/** Hears of every milestone at the moment it is passed, before anything that follows is done. */
@FunctionalInterface
public interface MilestoneListener {
  /** Must return soon; two are never heard at once. */
  void reached(PipeEffect.Reached what);
}
