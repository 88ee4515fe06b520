package io.sluice.sim;

import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.ConfigNodeMember;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.NodeCommand;
import io.sluice.confignode.core.PipeCommand;
import io.sluice.confignode.core.PipeSinkCommand;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.core.statement.Decision;
import io.sluice.confignode.core.statement.Milestone;
import io.sluice.confignode.core.statement.PipeEffect;
import io.sluice.confignode.core.statement.PipeEvent;
import io.sluice.confignode.core.statement.PipeStatement;
import io.sluice.confignode.view.Views;
import io.sluice.datanode.pipe.PipeWords;
import io.sluice.datanode.pipe.core.KnownPipe;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Three ConfigNodes with one replicated log, and their DataNodes. What the log does is modelled: an
 * entry is decided on one revision, takes effect on that revision or not at all, and its leader may
 * never learn which.
 */
final class SimCluster {
  private static final int CONFIG_NODES = 3;
  private static final int RETRIES_MAX = 3;

  final SimWorld<Fault> world;
  final SimNetwork network;
  final SimFlaw flaw;
  final Map<Integer, SimDataNode> dataNodes = new TreeMap<>();
  final SimTruth truth = new SimTruth(this);

  /** Where leaders were killed or deposed. */
  final Map<Milestone, Long> killedAt = new EnumMap<>(Milestone.class);

  private final SimDataNode.Flaw nodeFlaw;
  private final Set<Integer> processesDown = new HashSet<>();
  private final List<SimConfigNode> believers = new ArrayList<>();
  private ClusterImage image = ClusterImage.EMPTY;
  private SimConfigNode leader;
  private int lastLeader = -1;
  private long term;

  /** In the log, not yet known to be committed; null when there is none. */
  private Entry limbo;

  private record Entry(
      SimConfigNode by,
      long revision,
      Command command,
      List<Record> records,
      Optional<Attempt> attempt) {}

  SimCluster(SimWorld<Fault> world, SimFlaw flaw, SimDataNode.Flaw nodeFlaw) {
    this.world = world;
    this.network = new SimNetwork(world);
    this.flaw = flaw;
    this.nodeFlaw = nodeFlaw;
    commit(
        new NodeCommand.FoundCluster(
            new UUID(1, 1),
            "edge",
            16,
            new ConfigNodeMember(0, new Address("c", 1), new Address("c", 2))));
    for (int i = 0; i < 3; i++) {
      join();
    }
    commit(new PipeSinkCommand.CreatePipeSink("s", "IoTDB", "h", 6667));
    elect();
  }

  private void commit(Command command) {
    try {
      List<Record> records = command.decide(image, world.nowMs());
      image = image.replay(records).nextRevision();
    } catch (StatusException e) {
      throw new AssertionError(e);
    }
  }

  /** A DataNode registers, and hears the answer or does not. */
  void join() {
    int port = image.nodes().nextId();
    int id = port;
    commit(
        new NodeCommand.RegisterDataNode(
            "edge",
            Optional.empty(),
            new DataNodeMember(
                NodeCommand.NO_ID,
                new Address("d", port),
                new Address("d", 100 + port),
                new Address("d", 200 + port))));
    SimDataNode node = new SimDataNode(id, world, nodeFlaw);
    dataNodes.put(id, node);
    if (world.random.nextBoolean()) {
      node.replace(Views.pipeTable(image));
    }
  }

  ClusterImage image() {
    return image;
  }

  SimDataNode dataNode(int id) {
    return dataNodes.get(id);
  }

  boolean leads(SimConfigNode node) {
    return leader == node;
  }

  Optional<SimConfigNode> leader() {
    return Optional.ofNullable(leader);
  }

  // ------------------------------------------------------------------ leadership

  private void elect() {
    List<Integer> candidates = new ArrayList<>();
    for (int i = 0; i < CONFIG_NODES; i++) {
      if (!processesDown.contains(i)) {
        candidates.add(i);
      }
    }
    if (leader != null) {
      return;
    }
    if (candidates.size() * 2 <= CONFIG_NODES) {
      world.count(Fault.NO_LEADER);
      world.after(300, this::elect);
      return;
    }
    int node = candidates.get(world.random.nextInt(candidates.size()));
    if (node == lastLeader) {
      world.count(Fault.SAME_LEADER_AGAIN);
    }
    lastLeader = node;
    settleLimbo(world.random.nextBoolean());
    List.copyOf(believers).stream().filter(b -> b.node == node).forEach(this::learns);
    leader = new SimConfigNode(node, ++term, this);
    believers.add(leader);
    world.trace(() -> "ConfigNode " + node + " leads in term " + term);
    leader.start();
  }

  private void learns(SimConfigNode deposed) {
    if (believers.remove(deposed)) {
      world.trace(() -> "ConfigNode " + deposed.node + " of term " + deposed.term + " ceases");
      deposed.cease();
    }
  }

  void killLeader() {
    SimConfigNode killed = leader;
    if (killed == null) {
      return;
    }
    world.count(Fault.LEADER_KILLED);
    world.trace(() -> "ConfigNode " + killed.node + " is killed");
    killed.alive = false;
    believers.remove(killed);
    leader = null;
    processesDown.add(killed.node);
    world.after(
        world.between(300, 4_000),
        () -> {
          processesDown.remove(killed.node);
        });
    world.after(world.between(100, 900), this::elect);
  }

  void deposeLeader() {
    SimConfigNode deposed = leader;
    if (deposed == null) {
      return;
    }
    world.count(Fault.LEADER_DEPOSED_WITHOUT_KNOWING);
    world.trace(() -> "ConfigNode " + deposed.node + " is deposed");
    leader = null;
    world.after(world.between(0, 5_000), () -> learns(deposed));
    world.after(world.between(50, 900), this::elect);
  }

  void afterEffect(SimConfigNode by, PipeEffect effect) {
    if (effect instanceof PipeEffect.Reached reached) {
      world.trace(
          () ->
              reached.operation()
                  + " "
                  + reached.pipe()
                  + " "
                  + reached.milestone()
                  + " at "
                  + by.node
                  + " of term "
                  + by.term);
      if (reached.milestone() == Milestone.TAKEN_OVER) {
        world.count(Fault.PROCEDURE_TAKEN_OVER);
      }
    }
    if (!leads(by) || world.calm || world.random.nextDouble() >= 0.008) {
      return;
    }
    if (effect instanceof PipeEffect.Reached reached) {
      killedAt.merge(reached.milestone(), 1L, Long::sum);
    }
    if (world.random.nextInt(3) == 0) {
      deposeLeader();
    } else {
      killLeader();
    }
  }

  /** Everybody is well from here on. */
  void heal() {
    world.calm = true;
    network.heal();
    dataNodes.values().forEach(SimDataNode::goOn);
    dataNodes.values().forEach(SimDataNode::restart);
    processesDown.clear();
    List.copyOf(believers).stream().filter(b -> b != leader).forEach(this::learns);
  }

  // ------------------------------------------------------------------ the log

  void decide(SimConfigNode by, PipeEffect.Decide decide) {
    Optional<Attempt> attempt = truth.begins(by, decide.command());
    Command command =
        decide.command() instanceof PipeCommand.End end
            ? new PipeCommand.End(end.procedureId(), flaw.succeeded(end.succeeded()))
            : decide.command();
    world.after(world.between(1, 30), () -> append(by, decide.turn(), command, attempt));
  }

  private void append(SimConfigNode by, long turn, Command command, Optional<Attempt> attempt) {
    if (!by.alive) {
      return;
    }
    if (!leads(by) && !by.leads) {
      answer(by, turn, new Decision.Lost(), 1);
      return;
    }
    if (leads(by)) {
      settleLimbo(true);
    }
    ClusterImage base = by.image();
    List<Record> records;
    try {
      records = flaw.recorded(base, command.decide(base, world.nowMs()));
    } catch (StatusException e) {
      answer(by, turn, new Decision.Refused(e.code(), e.getMessage()), world.between(1, 20));
      return;
    }
    if (records.isEmpty()) {
      answer(by, turn, new Decision.Took(records, base), world.between(1, 20));
    } else if (!leads(by)) {
      world.count(Fault.DECISION_OF_A_DEPOSED_LEADER);
      answer(
          by,
          turn,
          world.random.nextBoolean() ? new Decision.Lost() : unknown(),
          world.between(1, 3_000));
    } else {
      propose(turn, new Entry(by, base.revision(), command, records, attempt));
    }
  }

  private void propose(long turn, Entry entry) {
    SimConfigNode by = entry.by();
    if (world.strikes(Fault.DECISION_TAKES_EFFECT_LATE, 0.02)) {
      limbo = entry;
      world.after(world.between(20, 5_000), () -> settleLimbo(true));
      answer(by, turn, unknown(), world.between(10, 4_000));
      return;
    }
    takeEffect(entry);
    Decision took = new Decision.Took(entry.records(), image);
    if (world.strikes(Fault.COMMITTED_BY_THE_SUCCESSOR, 0.02)) {
      answer(by, turn, took, world.between(1, 2_000));
      if (world.random.nextBoolean()) {
        killLeader();
      } else {
        deposeLeader();
      }
    } else if (world.strikes(Fault.DECISION_ANSWER_LOST, 0.02)) {
      answer(by, turn, unknown(), world.between(10, 4_000));
    } else {
      answer(by, turn, took, world.between(1, 20));
    }
  }

  /** An entry before all that follow it in the log: committed now, or never. */
  private void settleLimbo(boolean committed) {
    Entry entry = limbo;
    limbo = null;
    if (entry != null && committed && entry.revision() == image.revision()) {
      takeEffect(entry);
    }
  }

  private void takeEffect(Entry entry) {
    truth.takesEffect(image, entry.command(), entry.records(), entry.attempt());
    image = image.replay(entry.records()).nextRevision();
    world.trace(() -> "revision " + image.revision() + ": " + entry.command());
  }

  private static Decision unknown() {
    return new Decision.Unknown(StatusCode.INTERNAL_ERROR, "it is not known");
  }

  private void answer(SimConfigNode by, long turn, Decision decision, long delayMs) {
    world.after(delayMs, () -> by.step(new PipeEvent.Decided(turn, decision)));
  }

  // ------------------------------------------------------------------ clients

  /** A client asks whoever it believes to lead. */
  void ask(PipeStatement what, int tries) {
    if (believers.isEmpty()) {
      return;
    }
    boolean stale = leader == null || world.random.nextInt(10) == 0;
    SimConfigNode asked = stale ? believers.get(world.random.nextInt(believers.size())) : leader;
    Attempt attempt = truth.asked(what, asked, tries);
    world.trace(() -> attempt + " is asked of " + asked.node);
    asked.step(new PipeEvent.Asked(attempt.number, what));
  }

  void answered(SimConfigNode by, PipeEffect.Answer answer) {
    Attempt attempt = truth.answered(by, answer);
    world.trace(() -> attempt + " is answered " + answer.outcome());
    if (answer.outcome() instanceof PipeEffect.Outcome.NotLeading
        && attempt.tries < RETRIES_MAX
        && !world.calm) {
      world.after(world.between(100, 500), () -> ask(attempt.what, attempt.tries + 1));
    }
  }

  /** What a DataNode that was told of a begun procedure has to know. */
  static KnownPipe<PipeInfo> wanted(ClusterImage begun, Attempt attempt) {
    var request =
        Views.operation(begun, attempt.procedure.pipeNumber(), attempt.procedure.operation());
    return PipeWords.wanted(request.getOperation(), request.getPipe());
  }
}
