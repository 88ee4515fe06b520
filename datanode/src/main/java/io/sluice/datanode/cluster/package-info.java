/**
 * This node's place in the cluster: its copy of the catalog, the way to the leading ConfigNode, the
 * way to every region, the service other nodes call.
 *
 * <p>Nouns: {@link io.sluice.datanode.cluster.ClusterRegions} (which region a device lives in),
 * {@link io.sluice.datanode.cluster.RegionAccess} (a region reached at its leader, here or on
 * another node), {@link io.sluice.datanode.cluster.ConfigNodeClient} (the ConfigNode that leads).
 *
 * <p>A row: {@code CatalogRegions} finds its region in the {@code CatalogCache} (creating the
 * database of a first write), {@code RegionRoutes} picks {@code LocalReplica} or {@code
 * RemoteReplica}; a remote one arrives at the other node's {@code InternalService}, which never
 * passes it on to a third.
 *
 * <p>Invariants: the catalog only moves to higher versions; a region is read and written at its
 * leader only; a call that may have had an effect is not sent twice unless twice is as good as
 * once; a name from the network is never a path; open scans are bounded and idle ones closed.
 *
 * <p>Ports for others to fill: {@code LocalRegions}, {@code EntryBytes}, {@code PipeControl},
 * {@code ConfigurationReload}. Never imports statements, the client protocol, or pipes.
 */
package io.sluice.datanode.cluster;
