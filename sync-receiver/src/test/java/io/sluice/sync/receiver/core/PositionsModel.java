package io.sluice.sync.receiver.core;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.sync.receiver.core.SessionPositions.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * One random history of a source's log reaching three target regions: writes and deletions,
 * pipelined pieces, proposals that arrive late from dead coordinators or not at all, cuts, and by
 * choice re-created pipes, new leaders, restored or dropped targets, a restored sender. The
 * arithmetic is the production classes'; only what they stand between is modelled. Afterwards both
 * ends must hold the same.
 */
final class PositionsModel {
  static final int TARGETS = 3;
  private static final int DEVICES = 6;
  private static final Source SOURCE = new Source(new UUID(1, 1), new UUID(2, 2));
  private static final Ledger.PipeFacts FACTS = new Ledger.PipeFacts("p", 0, "a", "root.a", true);

  /** How pieces are kept apart. */
  enum Scheme {
    /** One watermark per target: skip what is at or below it. Known to lose points. */
    WATERMARK,
    /** Record and ledger, as built. */
    RECORD
  }

  enum Fault {
    NEW_PIPE,
    NEW_LEADER,
    RESTORED_TARGET,
    DROPPED_TARGET,
    RESTORED_SENDER,
    CUT,
    LOST_PROPOSAL,
    LATE_PROPOSAL,
    LOST_ANSWER
  }

  /**
   * @param value null: a deletion
   */
  private record Entry(List<Integer> devices, Double value) {}

  private record Proposal(Coordinator from, int target, UUID targetId, Step step, Entry entry) {}

  private static final class Target {
    UUID id;
    AppliedRecord record;
    Ledger ledger;
    final Map<Integer, Double> data = new HashMap<>();

    Target(UUID id) {
      this.id = id;
    }

    Target copy() {
      Target copy = new Target(id);
      copy.record = record;
      copy.ledger = ledger;
      copy.data.putAll(data);
      return copy;
    }
  }

  /** A receiver's session; null positions in the watermark scheme. */
  private static final class Coordinator {
    final List<UUID> targets;
    final Lineage lineage;
    final SessionPositions positions;
    final long session;
    long next;
    int waiting;

    Coordinator(
        List<UUID> targets, Lineage lineage, SessionPositions positions, long session, long next) {
      this.targets = targets;
      this.lineage = lineage;
      this.positions = positions;
      this.session = session;
      this.next = next;
    }
  }

  private final Scheme scheme;
  private final Random random;
  private final Set<Fault> mix;
  private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
  private List<Entry> log = new ArrayList<>();
  private Lineage lineage = Lineage.EMPTY;
  private long pipe = 1;
  private long numbers;
  private final Target[] targets = new Target[TARGETS];
  private final Target[] targetCopies = new Target[TARGETS];
  private List<Entry> senderCopy;
  private Lineage senderCopyLineage;
  private final Map<Integer, Integer> lostUpTo = new HashMap<>();
  private final List<Proposal> flying = new ArrayList<>();
  private Coordinator coordinator;

  PositionsModel(Scheme scheme, long seed, Set<Fault> mix) {
    this.scheme = scheme;
    this.random = new Random(seed);
    this.mix = mix;
    for (int i = 0; i < TARGETS; i++) {
      targets[i] = new Target(newId());
      targetCopies[i] = targets[i].copy();
    }
    newLeader();
  }

  /** How often each fault happened. */
  Map<Fault, Integer> counts() {
    return counts;
  }

  /** The devices that differ at the end; empty when all is well. */
  Set<Integer> run() {
    int steps = 20 + random.nextInt(141);
    for (int i = 0; i < steps; i++) {
      step(random.nextDouble());
    }
    quiet();
    return differences();
  }

  private void step(double what) {
    if (what < .25) {
      write();
    } else if (what < .5) {
      handshakeAndSend();
    } else if (what < .75) {
      deliverSome();
    } else if (what < .80) {
      writeLedger();
    } else if (what < .83) {
      count(Fault.CUT);
      coordinator = null;
    } else if (what < .85) {
      loseOne();
    } else if (what < .87) {
      fault(Fault.NEW_PIPE, () -> pipe++);
    } else if (what < .89) {
      fault(Fault.NEW_LEADER, this::newLeader);
    } else if (what < .91) {
      restoreOrCopyTarget();
    } else if (what < .92) {
      fault(Fault.DROPPED_TARGET, this::dropTarget);
    } else if (what < .94) {
      restoreOrCopySender();
    }
  }

  private void count(Fault fault) {
    counts.merge(fault, 1, Integer::sum);
  }

  private void fault(Fault fault, Runnable what) {
    if (mix.contains(fault)) {
      count(fault);
      what.run();
      coordinator = null;
    }
  }

  private UUID newId() {
    return new UUID(random.nextLong(), random.nextLong());
  }

  private void newLeader() {
    lineage = lineage.with(log.size() + 1L, ++numbers);
  }

  private void write() {
    Set<Integer> devices = new TreeSet<>();
    int count = random.nextInt(3) == 0 ? 2 : 1;
    while (devices.size() < count) {
      devices.add(random.nextInt(DEVICES));
    }
    Double value = random.nextInt(5) == 0 ? null : random.nextDouble();
    log.add(new Entry(List.copyOf(devices), value));
  }

  // ---------------------------------------------------------------- the coordinator

  private void handshakeAndSend() {
    if (coordinator == null) {
      handshake();
    }
    send();
  }

  private void handshake() {
    List<UUID> ids = new ArrayList<>();
    Map<UUID, AppliedRecord> records = new HashMap<>();
    for (Target target : targets) {
      ids.add(target.id);
      if (target.record != null) {
        records.put(target.id, target.record);
      }
    }
    if (scheme == Scheme.WATERMARK) {
      long least =
          records.values().stream()
              .filter(record -> record.pipeNumber() == pipe)
              .mapToLong(AppliedRecord::index)
              .min()
              .orElse(0);
      long next = Math.min(least, log.size()) + 1;
      coordinator = new Coordinator(ids, lineage, null, ++numbers, next);
      return;
    }
    Timeline timeline = new Timeline(pipe, lineage, log.size(), false);
    Handshake decided = Handshake.decide(timeline, targets[0].ledger, ids, records);
    if (decided instanceof Handshake.Start start) {
      var positions = new SessionPositions(timeline, start);
      coordinator = new Coordinator(ids, lineage, positions, ++numbers, start.position() + 1);
      targets[0].ledger = ledger(coordinator);
    }
  }

  private Ledger ledger(Coordinator of) {
    return new Ledger(
        SOURCE,
        of.session,
        pipe,
        of.positions.position(),
        of.positions.cutBy(),
        of.lineage,
        of.targets,
        of.positions.last(),
        FACTS);
  }

  private void send() {
    if (coordinator == null || coordinator.next > log.size()) {
      return;
    }
    long index = coordinator.next++;
    Entry entry = log.get((int) index - 1);
    Set<UUID> wanted = new HashSet<>();
    entry.devices().forEach(device -> wanted.add(coordinator.targets.get(device % TARGETS)));
    List<Step> steps;
    if (scheme == Scheme.WATERMARK) {
      var set = new AppliedRecord(pipe, lineage.numberAt(index), index);
      steps = wanted.stream().map(target -> new Step(target, null, set)).toList();
    } else {
      var answer =
          coordinator.positions.announce(index - 1, index, coordinator.lineage.numberAt(index));
      if (answer != SessionPositions.Announcement.WELCOME) {
        throw new IllegalStateException(answer + " for " + index);
      }
      steps = coordinator.positions.plan(index, wanted);
    }
    for (Step step : steps) {
      coordinator.waiting++;
      int target = coordinator.targets.indexOf(step.target());
      flying.add(new Proposal(coordinator, target, step.target(), step, entry));
    }
  }

  private void writeLedger() {
    Ledger there = targets[0].ledger;
    if (scheme == Scheme.RECORD
        && coordinator != null
        && there != null
        && there.session() == coordinator.session) {
      targets[0].ledger = ledger(coordinator);
    }
  }

  // ---------------------------------------------------------------- proposals on their way

  private void deliverSome() {
    if (!flying.isEmpty()) {
      int which = random.nextDouble() < .6 ? 0 : random.nextInt(flying.size());
      if (which > 0) {
        count(Fault.LATE_PROPOSAL);
      }
      deliver(which);
    }
  }

  private void loseOne() {
    if (!flying.isEmpty()) {
      flying.remove(random.nextInt(flying.size()));
      count(Fault.LOST_PROPOSAL);
      coordinator = null;
    }
  }

  private void deliver(int which) {
    Proposal proposal = flying.remove(which);
    Target target = targets[proposal.target()];
    boolean applied = target.id.equals(proposal.targetId()) && apply(target, proposal);
    if (coordinator != proposal.from()) {
      return;
    }
    if (random.nextDouble() >= .9) {
      count(Fault.LOST_ANSWER);
      return;
    }
    if (!applied) {
      coordinator = null;
      return;
    }
    coordinator.waiting--;
    if (coordinator.positions != null) {
      coordinator.positions.applied(proposal.step());
    }
  }

  private boolean apply(Target target, Proposal proposal) {
    AppliedRecord set = proposal.step().set();
    if (scheme == Scheme.WATERMARK) {
      AppliedRecord now = target.record;
      if (now != null && now.pipeNumber() == set.pipeNumber() && now.index() >= set.index()) {
        return true;
      }
    } else if (set.equals(target.record)) {
      return true;
    } else if (!Objects.equals(target.record, proposal.step().expect())) {
      return false;
    }
    for (int device : proposal.entry().devices()) {
      if (device % TARGETS != proposal.target()) {
        continue;
      }
      if (proposal.entry().value() == null) {
        target.data.remove(device);
      } else {
        target.data.put(device, proposal.entry().value());
      }
    }
    target.record = set;
    return true;
  }

  // ---------------------------------------------------------------- faults

  private void restoreOrCopyTarget() {
    if (!mix.contains(Fault.RESTORED_TARGET)) {
      return;
    }
    int which = random.nextInt(TARGETS);
    if (random.nextBoolean()) {
      targetCopies[which] = targets[which].copy();
    } else if (targetCopies[which] != null && targetCopies[which].id.equals(targets[which].id)) {
      targets[which] = targetCopies[which].copy();
      coordinator = null;
      count(Fault.RESTORED_TARGET);
    }
  }

  private void dropTarget() {
    int which = random.nextInt(TARGETS);
    targets[which] = new Target(newId());
    targetCopies[which] = null;
  }

  private void restoreOrCopySender() {
    if (!mix.contains(Fault.RESTORED_SENDER)) {
      return;
    }
    if (random.nextBoolean()) {
      senderCopy = new ArrayList<>(log);
      senderCopyLineage = lineage;
    } else if (senderCopy != null) {
      List<Entry> gone = log.subList(senderCopy.size(), log.size());
      for (Entry entry : gone) {
        entry.devices().forEach(device -> lostUpTo.put(device, senderCopy.size()));
      }
      log = new ArrayList<>(senderCopy);
      lineage = senderCopyLineage;
      newLeader();
      coordinator = null;
      count(Fault.RESTORED_SENDER);
    }
  }

  // ---------------------------------------------------------------- the end

  private void quiet() {
    for (int i = 0; i < 4_000; i++) {
      if (coordinator == null) {
        handshake();
      }
      if (coordinator != null && coordinator.next <= log.size()) {
        send();
      } else if (!flying.isEmpty()) {
        deliver(0);
      } else if (coordinator != null && coordinator.waiting > 0) {
        coordinator = null;
      } else if (coordinator != null) {
        return;
      }
    }
    throw new IllegalStateException("no quiet after 4,000 steps");
  }

  private Set<Integer> differences() {
    Map<Integer, Double> wanted = new HashMap<>();
    Map<Integer, Integer> lastWrite = new HashMap<>();
    for (int i = 0; i < log.size(); i++) {
      for (int device : log.get(i).devices()) {
        lastWrite.put(device, i + 1);
        if (log.get(i).value() == null) {
          wanted.remove(device);
        } else {
          wanted.put(device, log.get(i).value());
        }
      }
    }
    Set<Integer> differing = new HashSet<>();
    for (int device = 0; device < DEVICES; device++) {
      Double got = targets[device % TARGETS].data.get(device);
      if (!Objects.equals(wanted.get(device), got) && !onlyOnALostTimeline(device, lastWrite)) {
        differing.add(device);
      }
    }
    return differing;
  }

  /** What the receiver got from a log that its sender lost stays, until written again. */
  private boolean onlyOnALostTimeline(int device, Map<Integer, Integer> lastWrite) {
    Integer lost = lostUpTo.get(device);
    return lost != null && lastWrite.getOrDefault(device, 0) <= lost;
  }
}
