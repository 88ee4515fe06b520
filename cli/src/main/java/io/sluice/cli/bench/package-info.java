/**
 * {@code ./sluice bench}: how fast rows go in and how fast a pipe moves them, with a published
 * client over TCP against separate processes. A round that finds a wrong count or a wrong value
 * gives no figure.
 *
 * <p>Nouns: {@link io.sluice.cli.bench.Bench} (rounds, medians, JSON), {@link
 * io.sluice.cli.bench.BenchRound} (one edge, one cloud, one upload), {@link
 * io.sluice.cli.bench.Workload} (which values, from a seed).
 */
package io.sluice.cli.bench;
