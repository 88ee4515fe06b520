package io.sluice.datanode.digest;

import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.TimeSpan;

/** The hash of a span's rows. */
public record SpanDigest(TimeSpan span, RangeHash hash) {}
