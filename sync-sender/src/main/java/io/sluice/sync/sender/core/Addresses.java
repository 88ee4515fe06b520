package io.sluice.sync.sender.core;

import io.sluice.common.sync.frame.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Where one feed's receiver can be reached: the sink, and the DataNodes the receiver named.
 *
 * <p>The named ones are ranked by rendezvous hash of the feed's region, so that feeds spread evenly
 * and each keeps its place when others come and go. A named address may be of no use from here
 * (NAT): it is used before the sink only once it has worked. What fails is left aside for a while,
 * longer each time; when everything is, the sink and what has worked before take turns. Pure; owned
 * by one feed.
 */
final class Addresses {
  /** More than a cluster has DataNodes. */
  private static final int NAMED_MAX = 1_000;

  private static final long ASIDE_MS_FIRST = 5_000;
  private static final long ASIDE_MS_MAX = 60_000;

  private final UUID region;
  private final Frame.Address sink;

  /** Without doubles, the preferred one first; may have the sink among them. */
  private List<Frame.Address> named = List.of();

  private final Set<Frame.Address> worked = new HashSet<>();
  private final Map<Frame.Address, Aside> aside = new HashMap<>();
  private Frame.Address current;

  private record Aside(int failures, long sinceMs, long untilMs) {}

  Addresses(UUID region, Frame.Address sink) {
    this.region = region;
    this.sink = sink;
    this.current = sink;
  }

  Frame.Address sink() {
    return sink;
  }

  /** The one in use, or tried last. */
  Frame.Address current() {
    return current;
  }

  /** How many there are to try before all were. */
  int size() {
    return named.contains(sink) ? named.size() : named.size() + 1;
  }

  /** Takes over what the receiver names now, in whatever order; forgets the rest but the sink. */
  void learn(List<Frame.Address> receivers) {
    named =
        receivers.stream()
            .distinct()
            .limit(NAMED_MAX)
            .sorted(Comparator.comparingLong(this::weight).thenComparing(Frame.Address::toString))
            .toList();
    worked.removeIf(address -> !known(address));
    aside.keySet().removeIf(address -> !known(address));
  }

  private boolean known(Frame.Address address) {
    return address.equals(sink) || address.equals(current) || named.contains(address);
  }

  /** The lowest wins; evenly spread over regions for each address (the mix of splitmix64). */
  private long weight(Frame.Address address) {
    long hash =
        region.getMostSignificantBits() ^ Long.rotateLeft(region.getLeastSignificantBits(), 32);
    hash = mixed(hash ^ mixed(address.host().hashCode())) + address.port();
    return mixed(hash);
  }

  private static long mixed(long value) {
    long mixed = value + 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }

  /** Makes the one to connect to now the current one. */
  Frame.Address choose(long nowMs) {
    current =
        first(nowMs, named.stream().filter(worked::contains).toList())
            .or(() -> first(nowMs, List.of(sink)))
            .or(() -> first(nowMs, named))
            .orElseGet(this::longestAside);
    return current;
  }

  private Optional<Frame.Address> first(long nowMs, List<Frame.Address> candidates) {
    return candidates.stream().filter(address -> !isAside(address, nowMs)).findFirst();
  }

  private boolean isAside(Frame.Address address, long nowMs) {
    Aside since = aside.get(address);
    return since != null && nowMs < since.untilMs();
  }

  private Frame.Address longestAside() {
    List<Frame.Address> candidates = new ArrayList<>(List.of(sink));
    named.stream().filter(worked::contains).forEach(candidates::add);
    return candidates.stream()
        .min(Comparator.comparingLong(address -> aside.get(address).sinceMs()))
        .orElse(sink);
  }

  /**
   * Leaves an address aside: it cannot be reached, says nothing, or is of another cluster.
   *
   * @return for how long, in milliseconds
   */
  long leaveAside(Frame.Address address, long nowMs) {
    Aside before = aside.get(address);
    int failures = before == null ? 0 : before.failures();
    long waitMs = Math.min(ASIDE_MS_MAX, ASIDE_MS_FIRST << Math.min(failures, 10));
    aside.put(address, new Aside(failures + 1, nowMs, nowMs + waitMs));
    return waitMs;
  }

  /** Whether it failed when it was tried last. */
  boolean failedLast(Frame.Address address) {
    return aside.containsKey(address);
  }

  /** It answers as the receiver does. */
  void answers(Frame.Address address) {
    worked.add(address);
  }

  /** It takes data in: what it failed at before no longer counts. */
  void takesData(Frame.Address address) {
    worked.add(address);
    aside.remove(address);
  }

  /**
   * One worth moving to from the current one, if it answers; empty when that is the best. A
   * receiver that names one node is left at the address it was found at: there is nothing to
   * spread.
   */
  Optional<Frame.Address> better(long nowMs) {
    if (named.size() < 2) {
      return Optional.empty();
    }
    int place = named.indexOf(current);
    return first(nowMs, place < 0 ? named : named.subList(0, place));
  }

  /** The next connection goes there. */
  void moveTo(Frame.Address address) {
    current = address;
  }
}
