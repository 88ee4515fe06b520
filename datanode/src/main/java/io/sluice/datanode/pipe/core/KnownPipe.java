package io.sluice.datanode.pipe.core;

/**
 * One pipe as it is known here.
 *
 * @param number never used twice: a re-created pipe has a higher one
 * @param changedAt version of the cluster's pipe table at which the pipe last changed
 * @param what all else there is to know of it, which nothing here depends on
 */
public record KnownPipe<P>(long number, long changedAt, State state, P what) {
  /** What its senders are to do. */
  public enum State {
    RUNNING,
    STOPPED,
    /** Ships nothing and never will; kept until a table without it comes. */
    DROPPED
  }
}
