package io.sluice.confignode.core;

import java.util.Collection;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a dropped database's region still waits for: pipes that have to ship what is in it, or that
 * it was dropped. Nobody but them sees it.
 *
 * @param pipes their numbers, at least one
 * @param ttlMs what its database had: expired points are not sent
 */
public record Parting(int regionId, SortedSet<Long> pipes, long ttlMs) {
  public Parting {
    pipes = Collections.unmodifiableSortedSet(new TreeSet<>(pipes));
  }

  Parting withPipes(SortedSet<Long> rest) {
    return new Parting(regionId, rest, ttlMs);
  }

  /** Every pipe that ships, or will when it is started again. */
  static SortedSet<Long> shipping(ClusterImage image) {
    return image.pipes().pipes().values().stream()
        .filter(pipe -> pipe.status() != Pipe.Status.DROP)
        .map(Pipe::number)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The pipes it waits for once {@code passed} have everything; those that are no more have. */
  SortedSet<Long> without(Collection<Long> passed, ClusterImage image) {
    SortedSet<Long> rest = new TreeSet<>(pipes);
    rest.removeAll(passed);
    rest.retainAll(shipping(image));
    return rest;
  }
}
