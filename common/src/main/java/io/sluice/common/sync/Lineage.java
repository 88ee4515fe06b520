package io.sluice.common.sync;

import java.util.List;

/**
 * Who led a region's log from which index on: each new leader draws a random number and stamps its
 * entries with it. Two copies of a region that parted have different numbers at the same index.
 *
 * @param spans by ascending first index, which is inclusive; an index belongs to the last span that
 *     starts at or below it
 */
public record Lineage(List<Span> spans) {
  /** Number returned for an index below the first span. */
  public static final long NONE = 0;

  public static final Lineage EMPTY = new Lineage(List.of());

  /** From {@code firstIndex} on, entries carry {@code number} (never {@link #NONE}). */
  public record Span(long firstIndex, long number) {}

  public Lineage {
    spans = List.copyOf(spans);
    for (int i = 1; i < spans.size(); i++) {
      if (spans.get(i - 1).firstIndex() > spans.get(i).firstIndex()) {
        throw new IllegalArgumentException("lineage spans out of order: " + spans);
      }
    }
  }

  /**
   * The number of the lineage that {@code index} belongs to, {@link #NONE} below the first span.
   */
  public long numberAt(long index) {
    long number = NONE;
    for (Span span : spans) {
      if (span.firstIndex() > index) {
        break;
      }
      number = span.number();
    }
    return number;
  }

  /**
   * The largest index up to {@code upTo} at which this and {@code other} still agree; 0 when they
   * never did.
   */
  public long agreesUpTo(Lineage other, long upTo) {
    long agreed = upTo;
    for (Lineage side : List.of(this, other)) {
      for (Span span : side.spans) {
        long at = Math.max(1, span.firstIndex());
        if (at <= agreed && numberAt(at) != other.numberAt(at)) {
          agreed = at - 1;
        }
      }
    }
    return Math.max(0, agreed);
  }

  /** Whether {@code other} is this very lineage and later leaders. */
  public boolean goesOnIn(Lineage other) {
    return other.spans.size() > spans.size() && other.spans.subList(0, spans.size()).equals(spans);
  }

  /** This lineage with a new leader's number from {@code firstIndex} on. */
  public Lineage with(long firstIndex, long number) {
    var longer = new java.util.ArrayList<>(spans);
    longer.add(new Span(firstIndex, number));
    return new Lineage(longer);
  }
}
