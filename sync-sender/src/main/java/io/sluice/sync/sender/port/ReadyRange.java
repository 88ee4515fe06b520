package io.sluice.sync.sender.port;

import io.sluice.common.sync.Route;
import java.util.Optional;

/**
 * A durable range of a region's log, ready to ship.
 *
 * @param start exclusive
 * @param end inclusive; ranges are ordered by it
 * @param cutBy the newest entry of the log by which anything may have been cut out of it; 0: it is
 *     as it was written
 * @param via how it had come to this cluster
 * @param file what to ship, empty when there is nothing in the range
 */
public record ReadyRange(long start, long end, long cutBy, Route via, Optional<PieceFile> file) {}
