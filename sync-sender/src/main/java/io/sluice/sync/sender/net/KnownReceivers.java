package io.sluice.sync.sender.net;

import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.sender.core.FeedEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who receives behind each sink address, as any feed of this process was told last: a feed that
 * begins while the sink's own node is away knows the others. Thread-safe.
 */
public final class KnownReceivers {
  private static final int SINKS_MAX = 10_000;

  private final Map<Frame.Address, FeedEvent.Learned> bySink = new ConcurrentHashMap<>();

  void learned(Frame.Address sink, UUID clusterId, List<Frame.Address> receivers) {
    if (bySink.size() >= SINKS_MAX) {
      // What is forgotten is learned again at the next handshake.
      bySink.clear();
    }
    bySink.put(sink, new FeedEvent.Learned(clusterId, receivers));
  }

  /** The sink's own address, then those known behind it. */
  public List<Frame.Address> addresses(Frame.Address sink) {
    Set<Frame.Address> all = new LinkedHashSet<>(List.of(sink));
    FeedEvent.Learned known = behind(sink);
    if (known != null) {
      all.addAll(known.receivers());
    }
    return List.copyOf(all);
  }

  /** Null when nothing is known. */
  FeedEvent.Learned behind(Frame.Address sink) {
    return bySink.get(sink);
  }
}
