/**
 * Clusters on this machine, for the demo, the benchmark, the storm and the integration tests: each
 * node is a process of its own, started by the launcher with its own folders and free ports, and
 * ended by the process handle that started it.
 *
 * <p>Nouns: {@link io.sluice.cli.local.LocalNode} (one process that can be stopped, killed, paused
 * and started again in the same folders), {@link io.sluice.cli.local.LocalCluster} (some
 * ConfigNodes and DataNodes) and {@link io.sluice.cli.local.Place} (where a node is and how the
 * others find it: all at 127.0.0.1, or in a network that can fail). Never imports a server's
 * classes.
 */
package io.sluice.cli.local;
