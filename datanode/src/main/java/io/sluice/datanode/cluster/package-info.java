/**
 * This node's place in the cluster: its copy of the catalog, the way to the leading ConfigNode, the
 * way to every region, the internal service other nodes call. Nouns: {@link
 * io.sluice.datanode.cluster.ClusterRegions}, {@link io.sluice.datanode.cluster.RegionAccess},
 * {@link io.sluice.datanode.cluster.ConfigNodeClient}.
 */
package io.sluice.datanode.cluster;
