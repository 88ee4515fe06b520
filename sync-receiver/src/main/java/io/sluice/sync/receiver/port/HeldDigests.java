package io.sluice.sync.receiver.port;

import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import java.util.List;

/** What the receiving cluster holds, in hashes. Calls may block. Thread-safe. */
public interface HeldDigests {
  /**
   * One for each span, in order; at least one, and of the first ones only when that is work enough.
   */
  List<RangeHash> ranges(List<DigestSpans> parts) throws TargetUnavailableException;

  /** The span's first rows, {@link io.sluice.common.sync.digest.DigestLimits#PAGE_ROWS_MAX}. */
  RowPage rows(DigestPart part, TimeSpan span) throws TargetUnavailableException;
}
