package io.sluice.sync.sender.core;

import io.sluice.common.sync.frame.Frame;
import java.util.ArrayList;
import java.util.List;

/** Where the receiver can be reached: the sink first, then what the receiver said. */
final class Addresses {
  /** More than a cluster has DataNodes. */
  private static final int ADDRESSES_MAX = 1_000;

  private final List<Frame.Address> known = new ArrayList<>();
  private int current;

  Addresses(Frame.Address sink) {
    known.add(sink);
  }

  Frame.Address current() {
    return known.get(current);
  }

  /** The current one cannot be reached: it is left aside until a receiver names it again. */
  void leaveAside() {
    if (current == 0) {
      current = known.size() > 1 ? 1 : 0;
    } else {
      known.remove(current);
      current = current % known.size();
    }
  }

  /** Keeps the sink and the current one, takes over the rest as they are now. */
  void learn(List<Frame.Address> receivers) {
    Frame.Address now = current();
    Frame.Address sink = known.get(0);
    known.clear();
    known.add(sink);
    if (!now.equals(sink)) {
      known.add(now);
    }
    for (Frame.Address receiver : receivers) {
      if (known.size() < ADDRESSES_MAX && !known.contains(receiver)) {
        known.add(receiver);
      }
    }
    current = known.indexOf(now);
  }
}
