package io.sluice.datanode.statement;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.ApplyResult;

/**
 * What became of one write.
 *
 * @param code 200, or why not, as clients know it
 * @param again the same write may succeed a moment later
 */
public record WriteOutcome(int code, String text, boolean again) {
  public static final WriteOutcome DONE = new WriteOutcome(StatusCode.SUCCESS, "", false);

  /** Codes from here on are between nodes only. */
  private static final int FIRST_INTERNAL_CODE = 1190;

  private static final int LAST_INTERNAL_CODE = 1199;

  public boolean done() {
    return code == StatusCode.SUCCESS;
  }

  public static WriteOutcome refused(StatusException cause) {
    return new WriteOutcome(outward(cause.code()), cause.getMessage(), false);
  }

  static WriteOutcome of(ApplyResult result) {
    if (result instanceof ApplyResult.Applied) {
      return DONE;
    }
    if (result instanceof ApplyResult.Refused refused) {
      return new WriteOutcome(outward(refused.code()), refused.message(), false);
    }
    if (result instanceof ApplyResult.Unavailable unavailable) {
      return new WriteOutcome(outward(unavailable.code()), unavailable.message(), true);
    }
    return new WriteOutcome(
        StatusCode.INTERNAL_ERROR, "the region answered a write like a pipe's piece", false);
  }

  private static int outward(int code) {
    return code >= FIRST_INTERNAL_CODE && code <= LAST_INTERNAL_CODE
        ? StatusCode.DISPATCH_ERROR
        : code;
  }

  /** Nothing when done. */
  void orThrow() throws StatusException {
    if (!done()) {
      throw new StatusException(code, text);
    }
  }
}
