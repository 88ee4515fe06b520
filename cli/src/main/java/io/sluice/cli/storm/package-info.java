/**
 * {@code ./sluice storm}: many rows are in an edge, a pipe begins to move them to a cloud, and
 * processes of both are killed (SIGKILL) at random moments and started again while more rows come.
 * What was acknowledged is the oracle: at the end both sides hold exactly that, by count and value
 * by value.
 *
 * <p>Nouns: {@link io.sluice.cli.storm.StormRun} (the run over two clusters), {@link
 * io.sluice.cli.storm.BulkRows} (rows that follow from a seed, compared without being held), {@link
 * io.sluice.cli.storm.TrickleWriter} (writes on through the kills) and {@link
 * io.sluice.cli.storm.TrickleRows} (what it was acknowledged), {@link
 * io.sluice.cli.storm.FoundRows} (what a cluster gives back), {@link
 * io.sluice.cli.storm.Insistence} (sends a write again until it is acknowledged), {@link
 * io.sluice.cli.storm.Killer} (whom, how and when, from a seed), {@link
 * io.sluice.cli.storm.StatementClient} (holds answers of pipe statements against what is shown),
 * {@link io.sluice.cli.storm.PipeTender} (stops and remakes the pipe that carries the rows) and
 * {@link io.sluice.cli.storm.RegionMover} (moves replicas).
 *
 * <p>No deletions: a pipe does not carry them, so which rows the cloud should hold would depend on
 * what had been sent before.
 */
package io.sluice.cli.storm;
