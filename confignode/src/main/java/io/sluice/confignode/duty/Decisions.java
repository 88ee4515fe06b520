package io.sluice.confignode.duty;

import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.raft.Decider;
import io.sluice.confignode.raft.NotLeadingException;

/** Decides a command and waits for it to be a fact. */
@FunctionalInterface
interface Decisions {
  /**
   * @throws StatusException refused, or its outcome is not known
   * @throws NotLeadingException without effect, for want of leadership
   */
  Decider.Decided decide(Command command)
      throws StatusException, NotLeadingException, InterruptedException;
}
