package io.sluice.datanode.pipe.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A DataNode's pipe table, immutable. Operations and whole tables come over different connections,
 * late, twice, and from ConfigNodes that no longer lead; {@code changedAt} tells which is the later
 * word on a pipe.
 *
 * @param version of the last whole table, {@link #NO_TABLE} when there was none
 * @param pipes by number; dropped ones stay until a table without them comes
 */
public record KnownPipes<P>(long version, SortedMap<Long, KnownPipe<P>> pipes) {
  public static final long NO_TABLE = -1;

  /** What the senders of one pipe are to do now. */
  public record Order<P>(KnownPipe.State state, KnownPipe<P> pipe) {}

  /**
   * @param table as it is to be known, and on disk, before the orders are carried out
   */
  public record Taken<P>(KnownPipes<P> table, List<Order<P>> orders) {
    public Taken {
      orders = List.copyOf(orders);
    }
  }

  public KnownPipes {
    pipes = Collections.unmodifiableSortedMap(new TreeMap<>(pipes));
  }

  public static <P> KnownPipes<P> none() {
    return new KnownPipes<>(NO_TABLE, new TreeMap<>());
  }

  /** As kept on disk. */
  public static <P> KnownPipes<P> of(long version, Collection<KnownPipe<P>> pipes) {
    SortedMap<Long, KnownPipe<P>> byNumber = new TreeMap<>();
    pipes.forEach(pipe -> byNumber.put(pipe.number(), pipe));
    return new KnownPipes<>(version, byNumber);
  }

  /** What brings the senders of a process that has just begun to what is known. */
  public List<Order<P>> allOrders() {
    return pipes.values().stream().map(pipe -> new Order<>(pipe.state(), pipe)).toList();
  }

  /**
   * One pipe is to be like this. Of a RUNNING pipe that runs already, an order is given all the
   * same: what was failing is tried again at once.
   *
   * @return empty when it comes late: older than what is known of that pipe, or of a pipe that the
   *     table has done away with
   */
  public Optional<Taken<P>> operate(KnownPipe<P> wanted) {
    KnownPipe<P> known = pipes.get(wanted.number());
    boolean late =
        known == null ? wanted.changedAt() <= version : wanted.changedAt() < known.changedAt();
    if (late) {
      return Optional.empty();
    }
    SortedMap<Long, KnownPipe<P>> next = new TreeMap<>(pipes);
    next.put(wanted.number(), wanted);
    boolean same = known != null && known.state() == wanted.state();
    return Optional.of(
        new Taken<>(
            new KnownPipes<>(version, next),
            same && wanted.state() != KnownPipe.State.RUNNING
                ? List.of()
                : List.of(new Order<>(wanted.state(), wanted))));
  }

  /**
   * All pipes are to be like this, except those of which a later word is known.
   *
   * @return empty when it comes late: not newer than the last
   */
  public Optional<Taken<P>> replace(long newVersion, Collection<KnownPipe<P>> listed) {
    if (newVersion <= version) {
      return Optional.empty();
    }
    SortedMap<Long, KnownPipe<P>> next = new TreeMap<>();
    for (KnownPipe<P> pipe : listed) {
      KnownPipe<P> known = pipes.get(pipe.number());
      boolean newer = known == null || pipe.changedAt() > known.changedAt();
      next.put(pipe.number(), newer ? pipe : known);
    }
    for (KnownPipe<P> known : pipes.values()) {
      if (known.changedAt() > newVersion) {
        next.putIfAbsent(known.number(), known);
      }
    }
    return Optional.of(new Taken<>(new KnownPipes<>(newVersion, next), changes(next)));
  }

  /** Runs or rests as before, but in another way: its senders are to hear of it. */
  private static <P> boolean altered(KnownPipe<P> known, KnownPipe<P> pipe) {
    return pipe.state() != KnownPipe.State.DROPPED && !pipe.what().equals(known.what());
  }

  private List<Order<P>> changes(SortedMap<Long, KnownPipe<P>> next) {
    List<Order<P>> orders = new ArrayList<>();
    for (KnownPipe<P> known : pipes.values()) {
      if (!next.containsKey(known.number()) && known.state() != KnownPipe.State.DROPPED) {
        orders.add(new Order<>(KnownPipe.State.DROPPED, known));
      }
    }
    for (KnownPipe<P> pipe : next.values()) {
      KnownPipe<P> known = pipes.get(pipe.number());
      if (known == null || known.state() != pipe.state() || altered(known, pipe)) {
        orders.add(new Order<>(pipe.state(), pipe));
      }
    }
    return orders;
  }
}
