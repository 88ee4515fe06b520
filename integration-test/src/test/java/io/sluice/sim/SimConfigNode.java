package io.sluice.sim;

import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.PipeOperationReq;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.rpc.Status;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.statement.Moment;
import io.sluice.confignode.core.statement.PipeEffect;
import io.sluice.confignode.core.statement.PipeEvent;
import io.sluice.confignode.core.statement.PipeStatements;
import io.sluice.confignode.duty.NodeHealth;
import io.sluice.confignode.view.Views;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One term of one ConfigNode's leadership: the production state machine and the production health
 * rules, with a shell that sends its effects into the simulated network and log. Made anew for each
 * term.
 */
final class SimConfigNode {
  static final long HEARTBEAT_MS = 500;
  static final long UNKNOWN_AFTER_MS = 4_000;
  static final long TELL_MS = 1_500;
  private static final long HEARTBEAT_ANSWER_MS = 1_000;
  private static final PipeStatements.Limits LIMITS =
      new PipeStatements.Limits(8_000, 1_000, TELL_MS, 16);

  final int node;
  final long term;
  final PipeStatements core;

  /** False once its process is gone. */
  boolean alive = true;

  /** False once it knows that it leads no more. */
  boolean leads = true;

  private final SimCluster cluster;
  private final SimWorld<Fault> world;
  private final NodeHealth health;
  private final Set<Integer> underWay = new HashSet<>();
  private int firstRound;
  private ClusterImage applied;

  SimConfigNode(int node, long term, SimCluster cluster) {
    this.node = node;
    this.term = term;
    this.cluster = cluster;
    this.world = cluster.world;
    this.health =
        new NodeHealth(world::nowMs, cluster.image().nodes().heardDataNodes(), UNKNOWN_AFTER_MS);
    this.core = new PipeStatements(LIMITS, world.nowMs());
    this.applied = cluster.image();
  }

  /** The image as replayed here: a deposed leader's stands still. */
  ClusterImage image() {
    if (cluster.leads(this)) {
      applied = cluster.image();
    }
    return applied;
  }

  void start() {
    firstRound = 1;
    for (int id : image().nodes().dataNodes().keySet()) {
      firstRound++;
      ask(id, this::firstRoundAnswer);
    }
    firstRoundAnswer();
    world.after(HEARTBEAT_MS, this::tick);
  }

  private void firstRoundAnswer() {
    if (--firstRound == 0) {
      step(new PipeEvent.FirstRoundOver());
    }
  }

  private void tick() {
    if (alive && leads) {
      heartbeats();
      step(new PipeEvent.Tick());
      world.after(HEARTBEAT_MS, this::tick);
    }
  }

  private void heartbeats() {
    image().nodes().dataNodes().keySet().forEach(id -> ask(id, () -> {}));
  }

  void cease() {
    if (alive && leads) {
      leads = false;
      step(new PipeEvent.Ceased());
    }
  }

  void step(PipeEvent event) {
    if (!alive) {
      return;
    }
    ClusterImage seen = image();
    Moment moment =
        new Moment(
            world.nowMs(),
            cluster.flaw.seenBy(this, seen),
            health.up(seen.nodes().dataNodes().keySet()));
    for (PipeEffect effect : core.step(event, moment)) {
      if (alive) {
        carryOut(effect);
        cluster.afterEffect(this, effect);
      }
    }
  }

  private void carryOut(PipeEffect effect) {
    if (effect instanceof PipeEffect.Decide decide) {
      cluster.decide(this, decide);
    } else if (effect instanceof PipeEffect.Tell tell) {
      tell(tell);
    } else if (effect instanceof PipeEffect.Answer answer) {
      cluster.answered(this, answer);
    } else if (effect instanceof PipeEffect.SendTables && leads) {
      heartbeats();
    }
  }

  private void tell(PipeEffect.Tell tell) {
    PipeOperationReq request = Views.operation(tell.image(), tell.pipeNumber(), tell.operation());
    long procedure =
        tell.image().pipes().procedures().values().stream()
            .filter(p -> p.pipeNumber() == tell.pipeNumber())
            .mapToLong(PipeProcedure::id)
            .findFirst()
            .orElseThrow();
    SimDataNode to = cluster.dataNode(tell.node().id());
    call(
        to,
        TELL_MS,
        () -> to.operate(request, procedure),
        failure ->
            step(
                new PipeEvent.Told(
                    tell.turn(),
                    tell.call(),
                    to.id,
                    failure.isEmpty() ? Optional.empty() : Optional.of(failure))));
  }

  private void call(
      SimDataNode to,
      long timeoutMs,
      Supplier<Optional<String>> work,
      java.util.function.Consumer<String> done) {
    cluster.network.call(
        node,
        to,
        timeoutMs,
        work,
        new SimNetwork.Answer<>() {
          @Override
          public void came(String result) {
            done.accept(result);
          }

          @Override
          public void failed(String why) {
            done.accept(why);
          }
        });
  }

  /** As {@code Heartbeats} does: one question under way to each node, then the table if behind. */
  private void ask(int id, Runnable done) {
    if (!underWay.add(id)) {
      done.run();
      return;
    }
    SimDataNode to = cluster.dataNode(id);
    long version = image().pipes().version();
    cluster.network.call(
        node,
        to,
        HEARTBEAT_ANSWER_MS,
        () ->
            Optional.of(
                new HeartbeatResp(
                    new Status(200, ""), to.id, to.known.version(), List.of(), List.of(), false)),
        new SimNetwork.Answer<HeartbeatResp>() {
          @Override
          public void came(HeartbeatResp answer) {
            health.answered(id, answer);
            if (answer.getPipeTableVersion() < version && alive && leads) {
              PipeTable table = Views.pipeTable(image());
              call(to, TELL_MS, () -> to.replace(table), result -> over());
            } else {
              over();
            }
          }

          @Override
          public void failed(String why) {
            over();
          }

          private void over() {
            underWay.remove(id);
            done.run();
          }
        });
  }
}
