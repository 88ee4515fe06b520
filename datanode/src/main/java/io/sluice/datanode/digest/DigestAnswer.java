package io.sluice.datanode.digest;

import java.util.List;

/**
 * The first cuts of what was asked, at least one unless there is none.
 *
 * @param complete whether these are all; otherwise the rest is to be asked for again
 */
public record DigestAnswer(List<SpanDigest> digests, boolean complete) {
  public DigestAnswer {
    digests = List.copyOf(digests);
  }
}
