package io.sluice.sync.sender.port;

import java.util.UUID;

/**
 * What one pipe wants of a region.
 *
 * @param pipeNumber whose held-back series are left out
 * @param startTimeMs points before it are not sent
 * @param receiver the cluster it is for: what came from there does not go back
 */
public record Wanted(long pipeNumber, long startTimeMs, UUID receiver) {}
