package io.sluice.datanode.region.manifest;

import java.util.UUID;

/** Whose manifest it is: a file never serves another cluster or region. */
public record ManifestIdentity(UUID clusterId, UUID regionId, String database) {}
