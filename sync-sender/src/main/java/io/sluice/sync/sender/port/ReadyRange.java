package io.sluice.sync.sender.port;

import java.util.Optional;

/**
 * A durable range of a region's log, ready to ship.
 *
 * @param start exclusive
 * @param end inclusive; ranges are ordered by it
 * @param file what to ship, empty when there is nothing in the range
 */
public record ReadyRange(long start, long end, Optional<PieceFile> file) {}
