package io.sluice.confignode.core.statement;

import io.sluice.confignode.core.ClusterImage;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The world as a step sees it.
 *
 * @param nowMs of a clock that only goes on
 * @param image as replayed here
 * @param up DataNodes that are not Unknown
 */
public record Moment(long nowMs, ClusterImage image, SortedSet<Integer> up) {
  public Moment {
    up = Collections.unmodifiableSortedSet(new TreeSet<>(up));
  }
}
