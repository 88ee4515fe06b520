package io.sluice.sync.sender.core;

import io.sluice.common.sync.frame.Frame;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Which of the receiver's nodes one feed talks to, and when it moves: away from one that fails at
 * once, back to a better one calmly. A better one is probed over a connection of its own first, so
 * that an address that is of no use from here never disturbs the feed. Pure; owned by one feed.
 */
final class Receivers {
  private final Addresses addresses;
  private final List<FeedEffect> effects;

  /** The receiving cluster by the sink's word; null before it has said so. */
  private UUID clusterId;

  /** Asked whether it answers; null for none. */
  private Frame.Address probing;

  /** Has answered: the feed moves there once nothing is under way. */
  private Frame.Address goal;

  Receivers(UUID region, Frame.Address sink, List<FeedEffect> effects) {
    this.addresses = new Addresses(region, sink);
    this.effects = effects;
  }

  Frame.Address current() {
    return addresses.current();
  }

  String currentText() {
    return text(addresses.current());
  }

  private static String text(Frame.Address address) {
    return address.host() + ":" + address.port();
  }

  boolean atSink() {
    return addresses.current().equals(addresses.sink());
  }

  /** To try before all were tried. */
  int size() {
    return addresses.size();
  }

  /** The address to connect to now. */
  Frame.Address choose(long nowMs) {
    Frame.Address before = addresses.current();
    Frame.Address chosen = addresses.choose(nowMs);
    if (!chosen.equals(before)) {
      log(false, "going on through " + text(chosen) + " instead of " + text(before));
    }
    return chosen;
  }

  /** For a log line: empty when the next try goes to the same address. */
  String nextText(long nowMs) {
    Frame.Address before = addresses.current();
    Frame.Address next = addresses.choose(nowMs);
    addresses.moveTo(before);
    return next.equals(before) ? "" : " through " + text(next);
  }

  /** Another feed has learned who receives. */
  void heardOf(UUID cluster, List<Frame.Address> receivers) {
    if (clusterId == null) {
      clusterId = cluster;
      addresses.learn(receivers);
    }
  }

  /**
   * @return false when the node at the current address is of another cluster than the sink's
   */
  boolean greetedBy(UUID cluster) {
    if (atSink()) {
      if (clusterId != null && !clusterId.equals(cluster)) {
        addresses.learn(List.of());
      }
      clusterId = cluster;
    }
    return cluster.equals(clusterId);
  }

  /** The receiver says who its nodes are. */
  void named(List<Frame.Address> receivers) {
    addresses.answers(addresses.current());
    addresses.learn(receivers);
    effects.add(new FeedEffect.Learned(clusterId, receivers));
  }

  /** The current one is of no use now. */
  void leaveAside(long nowMs) {
    addresses.leaveAside(addresses.current(), nowMs);
  }

  /** The current one has applied something, or nothing is left to apply. */
  void takesData() {
    addresses.takesData(addresses.current());
  }

  /** While feeding: probes a better address, if there is one, one at a time. */
  void lookForBetter(long nowMs) {
    if (probing == null && goal == null) {
      Optional<Frame.Address> better = addresses.better(nowMs);
      if (better.isPresent()) {
        probing = better.get();
        effects.add(new FeedEffect.Probe(probing));
      }
    }
  }

  void probed(FeedEvent.Probed probed, long nowMs) {
    if (!probed.address().equals(probing)) {
      return;
    }
    Frame.Address address = probing;
    probing = null;
    if (clusterId != null && clusterId.equals(probed.clusterId())) {
      addresses.answers(address);
      goal = address;
      return;
    }
    boolean news = !addresses.failedLast(address);
    long waitMs = addresses.leaveAside(address, nowMs);
    if (news) {
      String why =
          probed.clusterId() == null ? probed.text() : "it is of cluster " + probed.clusterId();
      log(
          false,
          "staying with "
              + currentText()
              + ": "
              + text(address)
              + ", which the receiver named, is of no use from here ("
              + why
              + "); looked at again in "
              + waitMs
              + " ms and then less often");
    }
  }

  boolean wantsToMove() {
    return goal != null;
  }

  /** To the address that has answered. */
  void move() {
    log(false, "moving from " + currentText() + " to " + text(goal) + ", its place, which answers");
    addresses.moveTo(goal);
    goal = null;
  }

  void disconnected() {
    probing = null;
    goal = null;
  }

  private void log(boolean warn, String text) {
    effects.add(new FeedEffect.Log(warn, text));
  }
}
