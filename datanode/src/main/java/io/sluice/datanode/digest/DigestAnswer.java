package io.sluice.datanode.digest;

import io.sluice.common.sync.digest.TimeSpan;
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

  /** What it left out of the span that was asked for; null: nothing. */
  public TimeSpan rest(TimeSpan asked) {
    return complete
        ? null
        : new TimeSpan(digests.get(digests.size() - 1).span().last() + 1, asked.last());
  }
}
