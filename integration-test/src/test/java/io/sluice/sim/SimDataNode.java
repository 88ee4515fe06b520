package io.sluice.sim;

import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperationReq;
import io.sluice.common.rpc.PipeTable;
import io.sluice.datanode.pipe.PipeWords;
import io.sluice.datanode.pipe.core.KnownPipe;
import io.sluice.datanode.pipe.core.KnownPipes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A DataNode: the production pipe table, a disk that may fail, a process that may die or hang. */
final class SimDataNode {
  /** Ways a DataNode could be wrong: a history has to notice each. */
  enum Flaw {
    NONE,
    /** An operation is done however late it comes. */
    TAKES_LATE_OPERATIONS,
    /** A table is taken over even when it is older. */
    TAKES_OLD_TABLES,
    /** An operation done twice undoes itself. */
    TWICE_IS_NOT_ONCE,
    /** It answers before the table is on disk. */
    ANSWERS_BEFORE_WRITING
  }

  private static final long RESTART_MS_MAX = 9_000;

  final int id;
  boolean up = true;

  /** What it was told may be gone. */
  boolean lostItsTable;

  /** What it knows; on disk too, unless it has a flaw. */
  KnownPipes<PipeInfo> known = KnownPipes.none();

  private KnownPipes<PipeInfo> disk = known;
  private final SimWorld<Fault> world;
  private final Flaw flaw;
  private boolean hangs;
  private final List<Runnable> backlog = new ArrayList<>();

  /** By pipe number, the last procedure whose operation was taken over. */
  private final Map<Long, Long> lastProcedure = new HashMap<>();

  SimDataNode(int id, SimWorld<Fault> world, Flaw flaw) {
    this.id = id;
    this.world = world;
    this.flaw = flaw;
  }

  /** Runs {@code work} as soon as this node does anything; never if it is down or dies before. */
  void receive(Runnable work) {
    if (up && hangs) {
      backlog.add(work);
    } else if (up) {
      work.run();
    }
  }

  /**
   * @param procedure that this operation belongs to
   * @return empty text when it is done; nothing when the process died of it
   */
  Optional<String> operate(PipeOperationReq request, long procedure) {
    KnownPipe<PipeInfo> wanted = PipeWords.wanted(request.getOperation(), request.getPipe());
    KnownPipe<PipeInfo> mine = known.pipes().get(wanted.number());
    if (flaw == Flaw.TAKES_LATE_OPERATIONS) {
      return take(put(wanted));
    }
    if (flaw == Flaw.TWICE_IS_NOT_ONCE && wanted.equals(mine)) {
      boolean runs = mine.state() == KnownPipe.State.RUNNING;
      return take(
          put(
              new KnownPipe<>(
                  wanted.number(),
                  wanted.changedAt(),
                  runs ? KnownPipe.State.STOPPED : KnownPipe.State.RUNNING,
                  wanted.what())));
    }
    Optional<KnownPipes.Taken<PipeInfo>> taken = known.operate(wanted);
    if (taken.isEmpty()) {
      return Optional.of("");
    }
    Optional<String> done = take(taken.get().table());
    if (done.equals(Optional.of(""))) {
      long last = lastProcedure.merge(wanted.number(), procedure, Math::max);
      if (last > procedure) {
        throw new AssertionError(
            "node " + id + " did procedure " + procedure + " after " + last + " of that pipe");
      }
    }
    return done;
  }

  private KnownPipes<PipeInfo> put(KnownPipe<PipeInfo> pipe) {
    TreeMap<Long, KnownPipe<PipeInfo>> pipes = new TreeMap<>(known.pipes());
    pipes.put(pipe.number(), pipe);
    return new KnownPipes<>(known.version(), pipes);
  }

  Optional<String> replace(PipeTable table) {
    if (flaw == Flaw.TAKES_OLD_TABLES) {
      return take(KnownPipes.of(table.getVersion(), PipeWords.known(table)));
    }
    return known
        .replace(table.getVersion(), PipeWords.known(table))
        .map(taken -> take(taken.table()))
        .orElse(Optional.of(""));
  }

  /** Durable first, then known: what {@code PipeTableHolder} does. */
  private Optional<String> take(KnownPipes<PipeInfo> table) {
    if (flaw == Flaw.ANSWERS_BEFORE_WRITING) {
      known = table;
      world.after(2_000, () -> disk = table);
      return Optional.of("");
    }
    if (world.strikes(Fault.WRITE_FAILS, 0.01)) {
      return Optional.of("the pipe table cannot be written");
    }
    if (world.strikes(Fault.NODE_KILLED_WHILE_WRITING, 0.01)) {
      disk = world.random.nextBoolean() ? table : known;
      die();
      return Optional.empty();
    }
    disk = table;
    known = table;
    return Optional.of("");
  }

  void die() {
    up = false;
    hangs = false;
    backlog.clear();
    world.after(world.between(200, RESTART_MS_MAX), this::restart);
  }

  void restart() {
    if (!up) {
      if (world.strikes(Fault.NODE_LOST_ITS_TABLE, 0.05)) {
        disk = KnownPipes.none();
        lostItsTable = true;
        lastProcedure.clear();
      }
      known = disk;
      up = true;
    }
  }

  /** Its folder is a new one. */
  void forget() {
    known = KnownPipes.none();
    disk = known;
    lastProcedure.clear();
  }

  void hang(long forMs) {
    hangs = true;
    world.after(forMs, this::goOn);
  }

  void goOn() {
    if (hangs) {
      hangs = false;
      List<Runnable> late = new ArrayList<>(backlog);
      backlog.clear();
      late.forEach(this::receive);
    }
  }

  /** Whether an operation that the node answered as done, or a later word, is known here. */
  boolean has(KnownPipe<PipeInfo> wanted) {
    KnownPipe<PipeInfo> mine = known.pipes().get(wanted.number());
    if (mine == null) {
      return known.version() >= wanted.changedAt();
    }
    return mine.changedAt() > wanted.changedAt()
        || mine.changedAt() == wanted.changedAt() && mine.state() == wanted.state();
  }
}
