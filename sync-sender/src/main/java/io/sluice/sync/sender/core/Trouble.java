package io.sluice.sync.sender.core;

import io.sluice.common.sync.frame.Refusal;

/**
 * Why a feed does not get on.
 *
 * @param text for an operator
 */
public record Trouble(Cause cause, String text) {

  /** Causes, as they are counted and shown. */
  public enum Cause {
    /** No connection, or it was lost. */
    UNREACHABLE,
    /** The receiver will not have us until somebody changes something. */
    REFUSED,
    /** The receiver's database cannot be made. */
    DATABASE,
    /** A target's schema differs; a person must mend it. */
    CONFLICT,
    /** The receiver could not take it now. */
    TRANSFER,
    /** Our own file could not be read. */
    SOURCE
  }

  static Trouble of(Refusal code, String text) {
    Cause cause =
        switch (code) {
          case WHITE_LIST,
              VERSION,
              SAME_CLUSTER,
              OLD_PIPE,
              PRECISION,
              STAGING_LIMIT,
              DAMAGED,
              CREDENTIALS,
              TWIN ->
              Cause.REFUSED;
          case DATABASE -> Cause.DATABASE;
          case TOO_MANY_CONNECTIONS, SHAKE_AGAIN, UNAVAILABLE, CHECKSUM, PROTOCOL, STOPPING ->
              Cause.TRANSFER;
        };
    return new Trouble(cause, text);
  }

  /** Whether a successful handshake shows that it is over; the others end when data flows. */
  boolean endsWithWelcome() {
    return cause == Cause.UNREACHABLE || cause == Cause.REFUSED || cause == Cause.DATABASE;
  }
}
