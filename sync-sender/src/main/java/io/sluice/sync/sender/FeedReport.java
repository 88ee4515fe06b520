package io.sluice.sync.sender;

import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.sender.core.Health;
import io.sluice.sync.sender.core.Trouble;
import io.sluice.sync.sender.port.Backlog;
import java.util.Map;
import java.util.UUID;

/**
 * How one region of one pipe is doing. Times are the sender's monotonic clock's, 0 for never.
 *
 * @param receiver the address it feeds, or tries
 * @param connected whether a session is open there
 * @param position all up to this log index is applied at the receiver, by its word in this process;
 *     0 before it has said anything
 * @param lastDataIndex of the region now
 * @param appliedAtMs when the receiver last said that it applied something
 * @param caughtUp everything that was in the region when last asked is applied
 * @param caughtUpAtMs when that was so last
 * @param backlog sealed files past the position
 * @param bytesPerSecond over the last minute
 * @param databaseRefused nothing is sent because the receiver cannot make the database
 * @param failures how often, by cause, since the feed began
 * @param lastTrouble also when it is over; null for none
 */
public record FeedReport(
    String pipeName,
    long pipeNumber,
    UUID region,
    String database,
    Health health,
    Frame.Address receiver,
    boolean connected,
    long position,
    long lastDataIndex,
    long appliedAtMs,
    boolean caughtUp,
    long caughtUpAtMs,
    Backlog backlog,
    long bytesPerSecond,
    boolean databaseRefused,
    Map<Trouble.Cause, Long> failures,
    Trouble lastTrouble,
    long lastTroubleAtMs) {}
