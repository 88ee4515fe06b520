package io.sluice.kill;

import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.NodeCommand;
import io.sluice.confignode.core.PipeProcedure.Operation;
import io.sluice.confignode.core.PipeSinkCommand;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.core.statement.Decision;
import io.sluice.confignode.core.statement.Moment;
import io.sluice.confignode.core.statement.PipeEffect;
import io.sluice.confignode.core.statement.PipeEvent;
import io.sluice.confignode.core.statement.PipeStatement;
import io.sluice.confignode.core.statement.PipeStatements;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/** Every step there is, found by letting the production state machine take them. */
final class Steps {
  private static final TreeSet<Integer> NODES = new TreeSet<>(List.of(1, 2));

  private final Set<Step> seen = new LinkedHashSet<>();
  private final Deque<PipeEvent> events = new ArrayDeque<>();
  private final boolean nodeTwoFails;
  private ClusterImage image;

  private Steps(ClusterImage image, boolean nodeTwoFails) {
    this.image = image;
    this.nodeTwoFails = nodeTwoFails;
  }

  /** Of every kind of statement: when all goes well, when a node fails, when it is left behind. */
  static Set<Step> all() {
    Set<Step> all = new LinkedHashSet<>();
    for (Operation operation : Operation.values()) {
      PipeStatement statement = statement(operation, "p");
      ClusterImage ready = ready(operation);
      for (boolean fails : new boolean[] {false, true}) {
        Steps steps = new Steps(ready, fails);
        steps.run(new PipeEvent.Asked(1, statement), new PipeEvent.FirstRoundOver());
        all.addAll(steps.seen);
      }
      Steps left = new Steps(ready, false);
      left.decide(statement.begin(NODES));
      left.run(new PipeEvent.FirstRoundOver());
      all.addAll(left.seen);
    }
    return all;
  }

  static PipeStatement statement(Operation operation, String pipe) {
    return switch (operation) {
      case CREATE -> new PipeStatement.Create(pipe, "s", 0, false);
      case START -> new PipeStatement.Start(pipe);
      case STOP -> new PipeStatement.Stop(pipe);
      case DROP -> new PipeStatement.Drop(pipe);
    };
  }

  /** What has to be done before a statement of this kind has something to do. */
  static List<Operation> before(Operation operation) {
    return switch (operation) {
      case CREATE -> List.of();
      case START -> List.of(Operation.CREATE);
      case STOP, DROP -> List.of(Operation.CREATE, Operation.START);
    };
  }

  private static ClusterImage ready(Operation operation) {
    Steps steps = new Steps(ClusterImage.EMPTY, false);
    Address any = new Address("h", 1);
    steps.decide(
        new NodeCommand.FoundCluster(new UUID(1, 1), "edge", 1, new ConfigNodeMember(0, any, any)));
    for (int node : NODES) {
      Address own = new Address("h", 10 + node);
      steps.decide(
          new NodeCommand.RegisterDataNode(
              "edge", Optional.empty(), new DataNodeMember(NodeCommand.NO_ID, own, own, own)));
    }
    steps.decide(new PipeSinkCommand.CreatePipeSink("s", "IoTDB", "h", 1));
    for (Operation first : before(operation)) {
      steps.run(new PipeEvent.Asked(1, statement(first, "p")), new PipeEvent.FirstRoundOver());
    }
    return steps.image;
  }

  private List<Record> decide(Command command) {
    try {
      List<Record> records = command.decide(image, 0);
      image = image.replay(records).nextRevision();
      return records;
    } catch (StatusException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run(PipeEvent... first) {
    var core = new PipeStatements(new PipeStatements.Limits(1_000, 1_000, 1_000, 10), 0);
    events.addAll(List.of(first));
    while (!events.isEmpty()) {
      PipeEvent event = events.remove();
      for (PipeEffect effect : core.step(event, new Moment(0, image, NODES))) {
        carryOut(effect);
      }
    }
  }

  private void carryOut(PipeEffect effect) {
    if (effect instanceof PipeEffect.Reached reached) {
      seen.add(Step.of(reached));
    } else if (effect instanceof PipeEffect.Decide decide) {
      List<Record> records = decide(decide.command());
      events.add(new PipeEvent.Decided(decide.turn(), new Decision.Took(records, image)));
    } else if (effect instanceof PipeEffect.Tell tell) {
      boolean fails = nodeTwoFails && tell.node().id() == 2 && tell.call() == 1;
      events.add(
          new PipeEvent.Told(
              tell.turn(),
              tell.call(),
              tell.node().id(),
              fails ? Optional.of("No") : Optional.empty()));
    }
  }
}
