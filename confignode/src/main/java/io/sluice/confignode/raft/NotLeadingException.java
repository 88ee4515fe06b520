package io.sluice.confignode.raft;

/** The command had no effect: this ConfigNode does not lead. To be asked of the one that does. */
public final class NotLeadingException extends Exception {
  public NotLeadingException() {
    super("this ConfigNode does not lead");
  }
}
