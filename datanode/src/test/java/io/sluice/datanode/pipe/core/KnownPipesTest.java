package io.sluice.datanode.pipe.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.pipe.core.KnownPipe.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Every order of events. Bugs put back and seen here: taking what is late, a table that overrides a
 * later operation, an operation of the table's own version left out, a dropped pipe forgotten.
 */
class KnownPipesTest {
  private static KnownPipe<String> pipe(long number, State state, long changedAt) {
    return new KnownPipe<>(number, changedAt, state, "p" + number);
  }

  private static UnaryOperator<KnownPipes<String>> operation(
      long number, State state, long changedAt) {
    return known ->
        known.operate(pipe(number, state, changedAt)).map(KnownPipes.Taken::table).orElse(known);
  }

  /** A table of one pipe. */
  private static UnaryOperator<KnownPipes<String>> table(long version, KnownPipe<String> pipe) {
    return table(version, List.of(pipe));
  }

  private static UnaryOperator<KnownPipes<String>> table(
      long version, List<KnownPipe<String>> pipes) {
    return known -> known.replace(version, pipes).map(KnownPipes.Taken::table).orElse(known);
  }

  private static Map<Long, State> states(KnownPipes<String> known) {
    Map<Long, State> states = new TreeMap<>();
    known.pipes().forEach((number, pipe) -> states.put(number, pipe.state()));
    return states;
  }

  /** Without it ALTER PIPESINK would have no effect until the pipe is started again. */
  @Test
  void aPipeThatRunsOnInAnotherWayIsOrderedAgain() {
    KnownPipes<String> known = table(1, pipe(1, State.RUNNING, 1)).apply(KnownPipes.none());
    KnownPipe<String> slower = new KnownPipe<>(1, 2, State.RUNNING, "p1, slower");
    assertThat(known.replace(2, List.of(slower)).orElseThrow().orders())
        .containsExactly(new KnownPipes.Order<>(State.RUNNING, slower));
    assertThat(known.replace(2, List.of(pipe(1, State.RUNNING, 1))).orElseThrow().orders())
        .isEmpty();
  }

  /**
   * Two pipes' lives, as operations and the tables of that time, in each of the 40,320 orders; then
   * the heartbeat brings the current table to a node whose version is behind.
   */
  @Test
  void whateverTheOrderTheNodeEndsWithTheTable() {
    List<UnaryOperator<KnownPipes<String>>> events =
        List.of(
            operation(1, State.STOPPED, 1),
            table(1, pipe(1, State.STOPPED, 1)),
            operation(1, State.RUNNING, 3),
            table(3, pipe(1, State.STOPPED, 3)),
            operation(2, State.STOPPED, 5),
            operation(1, State.DROPPED, 6),
            table(7, pipe(2, State.STOPPED, 5)),
            operation(2, State.RUNNING, 8));
    UnaryOperator<KnownPipes<String>> current = table(9, pipe(2, State.RUNNING, 9));
    long[] orders = {0};
    permute(
        new ArrayList<>(events),
        0,
        order -> {
          orders[0]++;
          KnownPipes<String> known = KnownPipes.none();
          for (UnaryOperator<KnownPipes<String>> event : order) {
            known = event.apply(known);
          }
          known = current.apply(known);
          Map<Long, State> states = states(known);
          if (!states.equals(Map.of(2L, State.RUNNING))) {
            throw new AssertionError("order " + orders[0] + " ends with " + states);
          }
          for (UnaryOperator<KnownPipes<String>> late : order) {
            if (!late.apply(known).equals(known)) {
              throw new AssertionError("order " + orders[0] + ": something late was taken over");
            }
          }
        });
    assertThat(orders[0]).isEqualTo(40_320);
  }

  private interface Order<T> {
    void in(List<T> order);
  }

  private static <T> void permute(List<T> events, int from, Order<T> then) {
    if (from == events.size()) {
      then.in(events);
    }
    for (int i = from; i < events.size(); i++) {
      java.util.Collections.swap(events, from, i);
      permute(events, from + 1, then);
      java.util.Collections.swap(events, from, i);
    }
  }

  /** During a START the table says STOP of the version that the operation has: both are true. */
  @Test
  void anOperationOutlivesTheTableOfItsOwnVersionAndComesAfterIt() {
    KnownPipes<String> before = table(2, pipe(1, State.STOPPED, 2)).apply(KnownPipes.none());
    UnaryOperator<KnownPipes<String>> start = operation(1, State.RUNNING, 3);
    UnaryOperator<KnownPipes<String>> meanwhile = table(3, pipe(1, State.STOPPED, 3));
    assertThat(states(meanwhile.apply(start.apply(before)))).containsEntry(1L, State.RUNNING);
    assertThat(states(start.apply(meanwhile.apply(before)))).containsEntry(1L, State.RUNNING);
    assertThat(states(operation(1, State.STOPPED, 4).apply(start.apply(before))))
        .as("undone")
        .containsEntry(1L, State.STOPPED);
  }

  @Test
  void ordersSayWhatTheSendersAreToDo() {
    KnownPipes<String> none = KnownPipes.none();
    KnownPipes.Taken<String> created = none.operate(pipe(1, State.STOPPED, 1)).orElseThrow();
    assertThat(created.orders()).extracting(KnownPipes.Order::state).containsExactly(State.STOPPED);
    KnownPipes.Taken<String> started =
        created.table().operate(pipe(1, State.RUNNING, 2)).orElseThrow();
    assertThat(started.orders()).extracting(KnownPipes.Order::state).containsExactly(State.RUNNING);
    assertThat(started.table().operate(pipe(1, State.RUNNING, 3)).orElseThrow().orders())
        .as("START of a running pipe: what was failing is tried again at once")
        .extracting(KnownPipes.Order::state)
        .containsExactly(State.RUNNING);
    assertThat(started.table().replace(5, List.of()).orElseThrow().orders())
        .as("gone from the table")
        .extracting(KnownPipes.Order::state)
        .containsExactly(State.DROPPED);
    assertThat(
            started.table().replace(5, List.of(pipe(1, State.RUNNING, 5))).orElseThrow().orders())
        .as("nothing new")
        .isEmpty();
    assertThat(started.table().allOrders())
        .as("after a restart")
        .extracting(KnownPipes.Order::state)
        .containsExactly(State.RUNNING);
  }

  @Test
  void aThousandPipesThatCameAndWentLeaveNothingBehind() {
    KnownPipes<String> known = KnownPipes.none();
    long version = 0;
    for (long number = 1; number <= 1_000; number++) {
      known = operation(number, State.STOPPED, ++version).apply(known);
      known = operation(number, State.DROPPED, ++version).apply(known);
      known = table(++version, List.of()).apply(known);
    }
    assertThat(known.pipes()).isEmpty();
    assertThat(known.operate(pipe(1, State.RUNNING, 1))).isEqualTo(Optional.empty());
  }
}
