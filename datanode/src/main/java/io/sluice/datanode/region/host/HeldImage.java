package io.sluice.datanode.region.host;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.store.RegionStore;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/** An image that is being copied, and the log behind it, which stays for whoever copies. */
final class HeldImage implements DurableImage {
  private final DurableImage image;
  private final List<Entry> entries;
  private final LogRetention retention;
  private final long hold;
  private final MonotonicClock clock;

  private HeldImage(
      DurableImage image,
      List<Entry> entries,
      LogRetention retention,
      long hold,
      MonotonicClock clock) {
    this.image = image;
    this.entries = entries;
    this.retention = retention;
    this.hold = hold;
    this.clock = clock;
  }

  /**
   * @param damaged names of files that are not given away: whoever copies the image finds that it
   *     is not whole
   */
  static HeldImage open(
      RegionStore store, LogRetention retention, MonotonicClock clock, Predicate<String> damaged)
      throws IOException {
    // What is held is at most what the image turns out to be.
    long hold = retention.copying(store.durable().index(), clock.nowMs());
    boolean opened = false;
    try {
      DurableImage image = store.openImage();
      opened = true;
      List<Entry> whole =
          image.entries().stream().filter(entry -> !damaged.test(entry.name())).toList();
      return new HeldImage(image, whole, retention, hold, clock);
    } finally {
      if (!opened) {
        retention.drop(hold);
      }
    }
  }

  @Override
  public List<Entry> entries() {
    return entries;
  }

  @Override
  public void close() {
    retention.copied(hold, clock.nowMs());
    image.close();
  }
}
