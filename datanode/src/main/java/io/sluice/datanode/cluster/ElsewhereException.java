package io.sluice.datanode.cluster;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.OptionalInt;
import java.util.UUID;

/** This node does not do it for the region: {@link RoutedRegion} asks another one. */
final class ElsewhereException extends Exception {
  private final boolean unanswered;
  private final transient OptionalInt leader;

  private ElsewhereException(
      String message, boolean unanswered, OptionalInt leader, Throwable cause) {
    super(message, cause);
    this.unanswered = unanswered;
    this.leader = leader;
  }

  /**
   * The node does not hold the region, or does not lead it.
   *
   * @param leader the DataNode that leads, as far as that one has heard
   */
  static ElsewhereException notHere(UUID region, OptionalInt leader) {
    return new ElsewhereException(Replica.notHereText(region), false, leader, null);
  }

  /** The node did not answer; whether it did it is not known, or it certainly did not. */
  static ElsewhereException unanswered(String text, Throwable cause) {
    return new ElsewhereException(text, true, OptionalInt.empty(), cause);
  }

  boolean unanswered() {
    return unanswered;
  }

  OptionalInt leader() {
    return leader;
  }

  StatusException asStatus() {
    return new StatusException(
        unanswered ? StatusCode.DISPATCH_ERROR : StatusCode.REGION_NOT_HERE, getMessage(), this);
  }
}
