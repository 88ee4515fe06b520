/**
 * Clusters on this machine, for the demo, the benchmark, the storm and the integration tests: each
 * node is a process of its own, started by the launcher with its own folders and free ports on
 * 127.0.0.1, and ended by the process handle that started it.
 *
 * <p>Nouns: {@link io.sluice.cli.local.LocalNode} (one process that can be stopped, killed and
 * started again at the same ports and folders) and {@link io.sluice.cli.local.LocalCluster} (one
 * ConfigNode and some DataNodes). Never imports a server's classes.
 */
package io.sluice.cli.local;
