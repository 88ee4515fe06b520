/**
 * The only place that reads a clock. Everything else is handed a {@link WallClock} (time of day) or
 * a {@link MonotonicClock} (elapsed time).
 */
package io.sluice.common.time;
