package io.sluice.sync.sender;

import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.sender.core.Health;
import io.sluice.sync.sender.core.Trouble;
import java.util.Map;
import java.util.UUID;

/**
 * How one region of one pipe is doing.
 *
 * @param receiver the address it feeds, or tries
 * @param position all up to this log index is applied at the receiver, by its word in this process;
 *     0 before it has said anything
 * @param appliedAtMs when it last said so, monotonic; 0 for never
 * @param caughtUp everything that was in the region when last asked is applied
 * @param failures how often, by cause, since the feed began
 */
public record FeedReport(
    String pipeName,
    long pipeNumber,
    UUID region,
    String database,
    Health health,
    Frame.Address receiver,
    long position,
    long appliedAtMs,
    boolean caughtUp,
    Map<Trouble.Cause, Long> failures) {}
