package io.sluice.datanode.cluster;

import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.CatalogResp;
import io.sluice.common.rpc.ConfigNodeLocation;
import io.sluice.common.rpc.UserInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of the catalog. It only ever moves to a higher version: by a heartbeat that
 * names one, by a look-up that missed, after a statement that changed it. Thread-safe.
 */
public final class CatalogCache {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogCache.class);
  private final ConfigNodeClient configNode;
  private final Executor executor;
  private final Consumer<List<ConfigNodeLocation>> onConfigNodes;
  private final AtomicBoolean refreshing = new AtomicBoolean();
  private final MonotonicClock clock;
  private volatile CatalogIndex current;
  private volatile long confirmedAtMs;

  /**
   * @param first the catalog of the registration
   * @param executor fetches newer versions that heartbeats name
   * @param onConfigNodes told the ConfigNodes of each catalog taken over
   * @param clock tells how old what is known may be
   */
  public CatalogCache(
      Catalog first,
      ConfigNodeClient configNode,
      Executor executor,
      Consumer<List<ConfigNodeLocation>> onConfigNodes,
      MonotonicClock clock) {
    this.configNode = configNode;
    this.executor = executor;
    this.onConfigNodes = onConfigNodes;
    this.clock = clock;
    this.current = new CatalogIndex(first);
    this.confirmedAtMs = clock.nowMs();
    onConfigNodes.accept(first.getConfigNodes());
  }

  public Catalog catalog() {
    return current.catalog();
  }

  /** Empty when the catalog has no user of that name. */
  public Optional<UserInfo> user(String name) {
    return current.user(name);
  }

  /** Milliseconds since a ConfigNode said that this copy was the current one. */
  public long confirmedMsAgo() {
    return clock.nowMs() - confirmedAtMs;
  }

  CatalogIndex index() {
    return current;
  }

  /**
   * A heartbeat said that this is the current version; a newer one is fetched in the background.
   */
  public void heard(long version) {
    if (version == current.version()) {
      confirmedAtMs = clock.nowMs();
    }
    if (version <= current.version() || !refreshing.compareAndSet(false, true)) {
      return;
    }
    try {
      executor.execute(this::refreshQuietly);
    } catch (RejectedExecutionException e) {
      refreshing.set(false);
      LOG.debug("closing: the catalog stays at version {}", current.version(), e);
    }
  }

  private void refreshQuietly() {
    try {
      refresh();
    } catch (StatusException e) {
      LOG.warn("The catalog stays at version {} for now: {}", current.version(), e.getMessage());
    } finally {
      refreshing.set(false);
    }
  }

  /**
   * Fetches what is newer than this node's copy; on return the copy is at least as new as the
   * ConfigNode's was when this was called.
   */
  public void refresh() throws StatusException {
    long askedAtMs = clock.nowMs();
    long known = current.version();
    CatalogResp answer = configNode.read(leader -> leader.getCatalog(known));
    if (answer.getStatus().getCode() != StatusCode.SUCCESS) {
      throw new StatusException(answer.getStatus().getCode(), answer.getStatus().getMessage());
    }
    if (answer.getCatalog() != null) {
      take(answer.getCatalog());
    }
    confirmedAtMs = askedAtMs;
  }

  private synchronized void take(Catalog catalog) {
    if (catalog.getVersion() <= current.version()) {
      return;
    }
    current = new CatalogIndex(catalog);
    onConfigNodes.accept(catalog.getConfigNodes());
    LOG.debug("catalog version {}", catalog.getVersion());
  }
}
