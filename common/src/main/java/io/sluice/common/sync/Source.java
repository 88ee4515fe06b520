package io.sluice.common.sync;

import java.util.UUID;

/** Where pieces come from: one region of one sending cluster. */
public record Source(UUID clusterId, UUID regionId) {}
