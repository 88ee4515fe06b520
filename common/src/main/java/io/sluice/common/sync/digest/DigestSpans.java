package io.sluice.common.sync.digest;

import java.util.List;

/** Of which times of a part hashes are wanted, one for each span. */
public record DigestSpans(DigestPart part, List<TimeSpan> spans) {
  public DigestSpans {
    spans = List.copyOf(spans);
  }
}
