package io.sluice.sim;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Calls from ConfigNodes to DataNodes: requests and answers are lost, late, doubled and overtaken;
 * pairs of nodes are parted for a while.
 */
final class SimNetwork {
  private final SimWorld<Fault> world;
  private final Set<String> parted = new HashSet<>();
  private final Map<String, Long> delivered = new HashMap<>();
  private long sent;

  SimNetwork(SimWorld<Fault> world) {
    this.world = world;
  }

  private static String pair(int configNode, SimDataNode node) {
    return configNode + "-" + node.id;
  }

  void part(int configNode, SimDataNode node, long forMs) {
    parted.add(pair(configNode, node));
    world.after(forMs, () -> parted.remove(pair(configNode, node)));
  }

  void heal() {
    parted.clear();
  }

  /**
   * @param work done at the node; empty when the process died of it
   * @param answer hears of it once: the result, or empty text's opposite, why there is none
   */
  <T> void call(
      int from, SimDataNode to, long timeoutMs, Supplier<Optional<T>> work, Answer<T> answer) {
    boolean[] over = {false};
    Consumer<String> failed =
        why -> {
          if (!over[0]) {
            over[0] = true;
            answer.failed(why);
          }
        };
    world.after(timeoutMs, () -> failed.accept("Timeout"));
    if (parted.contains(pair(from, to)) || world.strikes(Fault.MESSAGE_LOST, 0.01)) {
      return;
    }
    if (!to.up) {
      world.after(delay(), () -> failed.accept("Connection refused"));
      return;
    }
    Consumer<T> succeeded =
        result -> {
          if (!over[0]) {
            over[0] = true;
            answer.came(result);
          }
        };
    deliver(from, to, work, succeeded);
    if (world.strikes(Fault.MESSAGE_TWICE, 0.03)) {
      deliver(from, to, work, succeeded);
    }
  }

  interface Answer<T> {
    void came(T result);

    void failed(String why);
  }

  private <T> void deliver(
      int from, SimDataNode to, Supplier<Optional<T>> work, Consumer<T> succeeded) {
    long number = ++sent;
    world.after(
        delay(),
        () ->
            to.receive(
                () -> {
                  if (delivered.merge(pair(from, to), number, Math::max) > number) {
                    world.count(Fault.MESSAGE_OVERTAKEN);
                  }
                  Optional<T> result = work.get();
                  boolean comesBack =
                      !parted.contains(pair(from, to)) && !world.strikes(Fault.MESSAGE_LOST, 0.02);
                  if (result.isPresent() && comesBack) {
                    world.after(delay(), () -> succeeded.accept(result.get()));
                  }
                }));
  }

  private long delay() {
    if (world.strikes(Fault.MESSAGE_LATE, 0.03)) {
      return world.between(1_000, 15_000);
    }
    return world.strikes(Fault.NODE_SLOW, 0.05) ? world.between(300, 2_500) : world.between(1, 20);
  }
}
