/**
 * Whole clusters as processes of their own, driven by the published client libraries: what a user
 * sees, nothing less. Each class starts its clusters once, on free ports of 127.0.0.1 and in a
 * temporary folder; when a test fails the nodes' logs are kept and their last lines printed.
 *
 * <p>Nouns: {@link io.sluice.it.Sql} (one session), {@link io.sluice.it.TestClusters} (the clusters
 * of a class), {@link io.sluice.it.NodeLogs} (what the nodes said), {@link io.sluice.it.Build}
 * (from what they are started). Waiting is for conditions, never for time.
 */
package io.sluice.it;
