package io.sluice.datanode.pipe;

import io.sluice.datanode.cluster.Expiry;
import io.sluice.datanode.cluster.LocalRegions;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.tsfile.TsFileCutter;
import io.sluice.sync.sender.port.SourceRegion;
import io.sluice.sync.sender.port.SourceRegions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The regions this node leads, as the sender sees them. Leadership is looked at by {@link #poll},
 * which the host calls every now and then. Thread-safe.
 */
public final class RegionSources implements SourceRegions {
  private final UUID clusterId;
  private final LocalRegions regions;
  private final TsFileCutter cutter;
  private final RejoinPiece rejoins;
  private final Expiry expiry;
  private final ShippingOrder order;
  private final Path outgoing;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** Replicas whose advances are listened to already. */
  private final Set<Region> heard = ConcurrentHashMap.newKeySet();

  private volatile Map<UUID, RegionSource> led = Map.of();

  /** Of {@link #order} when last looked at. */
  private long orderVersion;

  /**
   * @param outgoing folder for links and cut copies, on the regions' file system; emptied at start
   */
  RegionSources(
      UUID clusterId,
      LocalRegions regions,
      TsFileCutter cutter,
      RejoinPiece rejoins,
      Expiry expiry,
      ShippingOrder order,
      Path outgoing) {
    this.clusterId = clusterId;
    this.regions = regions;
    this.cutter = cutter;
    this.rejoins = rejoins;
    this.expiry = expiry;
    this.order = order;
    this.outgoing = outgoing;
  }

  /**
   * Looks who leads and who ships what now, and tells the listeners when that has changed. One
   * thread at a time.
   */
  public void poll() {
    Map<UUID, RegionSource> former = led;
    Map<UUID, RegionSource> now = new HashMap<>();
    List<Region> all = regions.all();
    for (Region region : all) {
      if (heard.add(region)) {
        region.onAdvance(() -> advanced(region.id()));
      }
      if (region.leads()) {
        RegionSource known = former.get(region.id());
        now.put(
            region.id(),
            known != null && known.region() == region
                ? known
                : new RegionSource(region, cutter, rejoins, expiry, order, outgoing));
      }
    }
    heard.retainAll(Set.copyOf(all));
    long version = order.version();
    if (!now.equals(former) || version != orderVersion) {
      orderVersion = version;
      led = now;
      listeners.forEach(Listener::ledChanged);
    }
  }

  private void advanced(UUID region) {
    for (Listener listener : listeners) {
      listener.advanced(region);
    }
  }

  @Override
  public UUID clusterId() {
    return clusterId;
  }

  @Override
  public List<SourceRegion> led() {
    return new ArrayList<>(led.values());
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }
}
