package io.sluice.sync.sender.port;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Regions in memory, led here until they are removed. */
public final class FakeSourceRegions implements SourceRegions {
  private final UUID clusterId = UUID.randomUUID();
  private final List<FakeSourceRegion> led = new CopyOnWriteArrayList<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** A region that comes to be led here. */
  public FakeSourceRegion add(String database, Path folder) {
    FakeSourceRegion[] self = new FakeSourceRegion[1];
    self[0] = new FakeSourceRegion(database, folder, () -> advanced(self[0]));
    led.add(self[0]);
    listeners.forEach(Listener::ledChanged);
    return self[0];
  }

  public void remove(FakeSourceRegion region) {
    led.remove(region);
    listeners.forEach(Listener::ledChanged);
  }

  /** Comes to be led here again. */
  public void add(FakeSourceRegion region) {
    led.add(region);
    listeners.forEach(Listener::ledChanged);
  }

  private void advanced(FakeSourceRegion region) {
    listeners.forEach(listener -> listener.advanced(region.id()));
  }

  /** Forgets the listeners, as a restart of the host does. */
  public void forgetListeners() {
    listeners.clear();
  }

  @Override
  public UUID clusterId() {
    return clusterId;
  }

  @Override
  public List<SourceRegion> led() {
    return List.copyOf(led);
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }
}
