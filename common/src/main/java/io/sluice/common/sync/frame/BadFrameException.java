package io.sluice.common.sync.frame;

import io.netty.handler.codec.DecoderException;

/** Bytes that are not the sync protocol's: the peer is at fault, or the line. */
public final class BadFrameException extends DecoderException {
  public BadFrameException(String message) {
    super(message);
  }

  public BadFrameException(String message, Throwable cause) {
    super(message, cause);
  }
}
