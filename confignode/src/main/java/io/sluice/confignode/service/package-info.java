/**
 * The ConfigNode's Thrift service: turns requests into commands, refusals into statuses, the image
 * into answers. Its noun: {@link io.sluice.confignode.service.ConfigNodeHandler}.
 *
 * <p>Only the leader answers; the others answer 1190 with the leader's address. SHOW reads the
 * image and the last heartbeats: it never waits for a statement.
 */
package io.sluice.confignode.service;
