package io.sluice.datanode.region.scrub;

import io.sluice.datanode.region.SealedFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiPredicate;

/**
 * The sealed files of a node that are not what their manifests say, and those that somebody found
 * so and that are to be looked at. Neither is on disk: after a restart whoever needs such a file
 * finds it again. Thread-safe.
 */
public final class DamagedFiles {
  /** A repair that failed is tried again after this. */
  static final long RETRY_MS = 600_000;

  /** Of more than these nobody need be told: the next round finds them. */
  private static final int SUSPECTS_MAX = 1_000;

  private final Map<Path, Damaged> damaged = new HashMap<>();
  private final Deque<Path> suspects = new ArrayDeque<>();

  /**
   * @param why what is wrong with it
   * @param tryAtMs when its repair is tried next
   * @param nowhereElse whether the last try found that no other replica has it
   */
  public record Damaged(
      UUID region, SealedFile file, String why, long tryAtMs, boolean nowhereElse) {}

  /** Somebody who needed a file found it damaged. */
  public synchronized void suspect(Path file) {
    if (!holds(file) && suspects.size() < SUSPECTS_MAX) {
      suspects.add(file);
    }
  }

  /** The next file to be looked at out of turn; it is no suspect any more. */
  public synchronized Optional<Path> nextSuspect() {
    return Optional.ofNullable(suspects.poll());
  }

  /**
   * A look at it found it damaged. Its repair is due at once.
   *
   * @return whether that is news
   */
  public synchronized boolean found(UUID region, SealedFile file, String why, long nowMs) {
    return damaged.putIfAbsent(file.path(), new Damaged(region, file, why, nowMs, false)) == null;
  }

  /** The damaged file whose repair is due longest. */
  public synchronized Optional<Damaged> due(long nowMs) {
    return damaged.values().stream()
        .filter(one -> one.tryAtMs() <= nowMs)
        .min(Comparator.comparingLong(Damaged::tryAtMs));
  }

  /** How long until {@link #due} answers again, {@code Long.MAX_VALUE} when never by itself. */
  public synchronized long dueInMs(long nowMs) {
    return damaged.values().stream()
        .mapToLong(one -> Math.max(0, one.tryAtMs() - nowMs))
        .min()
        .orElse(suspects.isEmpty() ? Long.MAX_VALUE : 0);
  }

  /**
   * Its repair was tried, without success.
   *
   * @param nowhereElse whether no other replica has it
   */
  public synchronized void tried(SealedFile file, long nowMs, boolean nowhereElse) {
    damaged.computeIfPresent(
        file.path(),
        (path, one) ->
            new Damaged(one.region(), one.file(), one.why(), nowMs + RETRY_MS, nowhereElse));
  }

  /** Of a region: those that no other replica has, by ascending end. */
  public synchronized List<SealedFile> nowhereElse(UUID region) {
    return damaged.values().stream()
        .filter(one -> one.region().equals(region) && one.nowhereElse())
        .map(Damaged::file)
        .sorted(Comparator.comparingLong(SealedFile::end))
        .toList();
  }

  /** It is no more, or whole. */
  public synchronized void gone(Path file) {
    damaged.remove(file);
  }

  /** Forgets what is part of no region any more. */
  public synchronized void keepOnly(BiPredicate<UUID, SealedFile> listed) {
    damaged.values().removeIf(one -> !listed.test(one.region(), one.file()));
  }

  /** Whether it must not be given to anybody or merged with others. */
  public synchronized boolean holds(Path file) {
    return damaged.containsKey(file) || suspects.contains(file);
  }

  public synchronized List<Damaged> all() {
    return List.copyOf(damaged.values());
  }
}
