/**
 * {@code ./sluice storm}: rows go into an edge, a pipe moves them to a cloud, and processes of both
 * are killed (SIGKILL) at random moments and started again. The writers' own log of acknowledged
 * rows is the oracle: at the end both sides hold exactly those.
 *
 * <p>Nouns: {@link io.sluice.cli.storm.Storm} (the run), {@link io.sluice.cli.storm.RowWriter}
 * (writes and remembers what was acknowledged), {@link io.sluice.cli.storm.Killer} (whom and when,
 * from a seed).
 */
package io.sluice.cli.storm;
