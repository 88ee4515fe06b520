package io.sluice.confignode.core;

import java.util.UUID;

/**
 * Who this cluster is; set once, by the first ConfigNode.
 *
 * @param clusterId drawn at the first start; also the id of the metadata's Raft group
 * @param seriesSlotNum slots per database; part of the stored layout, never changed
 */
public record Identity(UUID clusterId, String clusterName, int seriesSlotNum, long foundedAtMs) {}
