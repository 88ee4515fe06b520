package io.sluice.sync.sender;

import io.sluice.common.sync.Compression;

/**
 * How a pipe deals with its sink; may be changed while it runs.
 *
 * @param credentials as whom its senders come; null: by the receiver's white list alone
 * @param compression of file content on its way, as far as it makes it smaller
 * @param bytesPerSecondMax on the wire, of all of the pipe's senders here together; 0: no limit
 */
public record SinkTerms(
    SinkCredentials credentials, Compression compression, long bytesPerSecondMax) {
  public static final SinkTerms NONE = new SinkTerms(null, Compression.NONE, 0);
}
