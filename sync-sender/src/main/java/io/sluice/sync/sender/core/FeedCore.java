package io.sluice.sync.sender.core;

import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.sender.SyncSenderOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One (pipe, source region) as a state machine: what to do next, given what happened. Does no I/O
 * and reads no clock; owned by one thread. A feed keeps nothing that must survive: where to go on
 * is the receiver's to say at each handshake.
 */
public final class FeedCore {
  /** Handshakes that failed in a row for a moved record before it is called trouble. */
  private static final int SHAKES_QUIET_MAX = 2;

  /** A receiver that cannot be told of a drop is tried this often, and then now and then. */
  private static final int FAREWELLS_QUICK_MAX = 10;

  private static final long FAREWELL_PAUSE_MS = 30_000;

  private final SyncSenderOptions options;
  private final Receivers receivers;
  private final RangeFlow ranges;
  private final FeedHealth health;
  private final RateMeter rate = new RateMeter();
  private final List<FeedEffect> effects = new ArrayList<>();

  private Goal goal = Goal.REST;
  private Phase phase = Phase.IDLE;
  private long nowMs;

  /** When to connect again, in phase WAITING. */
  private long retryAtMs;

  private long enteredAtMs;
  private long heardAtMs;
  private long saidAtMs;

  /** When what is announced last got further, in whatever way. */
  private long movedAtMs;

  /** The first series of the last conflict. */
  private SeriesConflict refused;

  private long appliedAtMs;
  private long caughtUpAtMs;

  private enum Goal {
    REST,
    RUN,
    STOP,
    DROP
  }

  private enum Phase {
    IDLE,
    WAITING,
    CONNECTING,
    /** The opening is sent. */
    OPENING,
    /** HELLO is sent. */
    HELLO,
    FEEDING,
    /** What the receiver refused is being written down, without a connection. */
    HOLDING,
    /** STOP or DROP is sent. */
    NOTICE
  }

  /**
   * @param region the feed's, which decides its place among the receiver's DataNodes
   */
  public FeedCore(SyncSenderOptions options, UUID region, Frame.Address sink) {
    this.options = options;
    this.health = new FeedHealth(options);
    this.receivers = new Receivers(region, sink, effects);
    this.ranges = new RangeFlow(options.windowPieces(), effects);
  }

  /** What to do now; in this order. */
  public List<FeedEffect> step(FeedEvent event, long now) {
    nowMs = now;
    effects.clear();
    if (event instanceof FeedEvent.Run) {
      run();
    } else if (event instanceof FeedEvent.Stop) {
      tell(Goal.STOP);
    } else if (event instanceof FeedEvent.Drop) {
      tell(Goal.DROP);
    } else if (event instanceof FeedEvent.Connected) {
      enter(Phase.OPENING);
    } else if (event instanceof FeedEvent.Lost lost) {
      lost(lost.text());
    } else if (event instanceof FeedEvent.Claimed claimed) {
      claimed(claimed);
    } else if (event instanceof FeedEvent.Unsettled) {
      unsettled();
    } else if (event instanceof FeedEvent.Received received) {
      heardAtMs = nowMs;
      received(received.frame());
    } else if (event instanceof FeedEvent.Learned learned) {
      receivers.heardOf(learned.clusterId(), learned.receivers());
    } else if (event instanceof FeedEvent.Probed probed) {
      receivers.probed(probed, nowMs);
      moveWhenDrained();
    } else if (event instanceof FeedEvent.HeldBack held) {
      heldBack(held.fresh());
    } else if (event instanceof FeedEvent.HoldFailed failed) {
      holdFailed(failed.text());
    } else if (event instanceof FeedEvent.Holding holding) {
      health.holding(holding.series());
    } else if (event instanceof FeedEvent.Tick) {
      tick();
    } else {
      feed(event);
    }
    for (FeedEffect effect : effects) {
      if (effect instanceof FeedEffect.Send) {
        saidAtMs = nowMs;
      }
    }
    return List.copyOf(effects);
  }

  private void run() {
    goal = Goal.RUN;
    if (phase == Phase.IDLE || phase == Phase.WAITING) {
      connect();
    }
  }

  private void tell(Goal what) {
    goal = what;
    health.dataFlows();
    if (phase == Phase.FEEDING) {
      sendNotice();
    } else if (phase == Phase.IDLE || phase == Phase.WAITING) {
      connect();
    }
  }

  private void connect() {
    enter(Phase.CONNECTING);
    effects.add(new FeedEffect.Connect(receivers.choose(nowMs)));
  }

  private void enter(Phase next) {
    phase = next;
    enteredAtMs = nowMs;
    heardAtMs = nowMs;
    saidAtMs = nowMs;
    movedAtMs = nowMs;
  }

  // ------------------------------------------------------------------ what the receiver says

  private void received(Frame.FromReceiver frame) {
    if (frame instanceof Frame.Refused refused) {
      refused(refused);
    } else if (frame instanceof Frame.Greeting greeting && phase == Phase.OPENING) {
      greeted(greeting.clusterId());
      ranges.greeted(greeting.version());
    } else if (frame instanceof Frame.Welcome welcome && phase == Phase.HELLO) {
      welcome(welcome);
    } else if (frame instanceof Frame.NoticeDone && phase == Phase.NOTICE) {
      noticeDone();
    } else if (frame instanceof Frame.Wait && phase != Phase.OPENING) {
      movedAtMs = nowMs;
    } else if (phase == Phase.FEEDING) {
      answered(frame);
    }
  }

  private void refused(Frame.Refused refused) {
    if (refused.code() == Refusal.SHAKE_AGAIN && health.failuresInRow() < SHAKES_QUIET_MAX) {
      effects.add(new FeedEffect.Log(false, "shaking hands again: " + refused.text()));
      health.triedInVain();
      waitAndRetry();
      return;
    }
    if (refused.code() == Refusal.OLD_PIPE) {
      effects.add(new FeedEffect.GiveWay());
    }
    boolean elsewhere =
        switch (refused.code()) {
          case STOPPING, TOO_MANY_CONNECTIONS -> true;
          // Where the target is may be within reach of another of the receiver's nodes.
          case UNAVAILABLE -> health.failuresInRow() > 0;
          // One node's white list or version may differ; the sink's own answer counts.
          default -> !receivers.atSink() && phase == Phase.OPENING;
        };
    Trouble trouble = Trouble.of(refused.code(), refused.text());
    if (elsewhere) {
      leaveAside(trouble);
    } else {
      fail(trouble);
    }
  }

  private void greeted(UUID clusterId) {
    if (!receivers.greetedBy(clusterId)) {
      leaveAside(
          new Trouble(
              Trouble.Cause.UNREACHABLE,
              receivers.currentText() + " is of another cluster, " + clusterId));
    } else if (goal == Goal.RUN) {
      effects.add(new FeedEffect.Claim(clusterId));
    } else {
      sendNotice();
    }
  }

  private void claimed(FeedEvent.Claimed claimed) {
    if (phase != Phase.OPENING) {
      return;
    }
    if (goal != Goal.RUN) {
      sendNotice();
    } else if (claimed.otherPipe() != null) {
      String text = "pipe " + claimed.otherPipe() + " feeds cluster " + claimed.clusterId();
      fail(new Trouble(Trouble.Cause.REFUSED, text));
    } else {
      enter(Phase.HELLO);
      effects.add(new FeedEffect.SendHello());
    }
  }

  /** Which pipe may feed that cluster is not known yet: no trouble, but not for us to begin. */
  private void unsettled() {
    if (phase == Phase.OPENING) {
      leaveConnection();
      retryAtMs = nowMs + options.retryDelayMsFirst();
      phase = Phase.WAITING;
    }
  }

  private void welcome(Frame.Welcome welcome) {
    receivers.named(welcome.receivers());
    if (goal != Goal.RUN) {
      sendNotice();
      return;
    }
    enter(Phase.FEEDING);
    boolean parted = welcome.parted();
    health.welcomed(parted);
    effects.add(
        new FeedEffect.Log(
            parted,
            "connected to "
                + receivers.currentText()
                + ", session "
                + welcome.session()
                + ", start at "
                + welcome.start()
                + (parted ? ": the lineage parted, sending again from there" : "")));
    ranges.begin(welcome.start());
    receivers.lookForBetter(nowMs);
  }

  private void answered(Frame.FromReceiver frame) {
    if (frame instanceof Frame.FileAccept accept) {
      movedAtMs = nowMs;
      ranges.accepted(accept);
    } else if (frame instanceof Frame.Applied applied) {
      if (ranges.applied(applied.end())) {
        movedAtMs = nowMs;
        appliedAtMs = nowMs;
        dataFlows();
        moveWhenDrained();
      }
    } else if (frame instanceof Frame.Conflict conflict) {
      conflict(conflict);
    } else if (frame instanceof Frame.Shared shared) {
      health.shared(shared, nowMs);
    }
  }

  // ------------------------------------------------------------------ what the receiver refuses

  private void conflict(Frame.Conflict conflict) {
    List<SeriesConflict> series = conflict.series();
    refused = series.get(0);
    effects.add(
        new FeedEffect.Log(
            true,
            "the receiver refuses "
                + series.size()
                + " series from "
                + conflict.end()
                + " on, held back from here: "
                + FeedHealth.named(series)));
    leaveConnection();
    enter(Phase.HOLDING);
    effects.add(new FeedEffect.HoldBack(conflict.end(), series));
  }

  private void heldBack(int fresh) {
    if (phase == Phase.HOLDING) {
      if (fresh > 0) {
        connect();
      } else {
        // Left out already, and refused all the same: trying at once would be for ever.
        fail(
            new Trouble(
                Trouble.Cause.CONFLICT,
                refused.device() + "." + refused.measurement() + ": " + refused.reason()));
      }
    }
  }

  private void holdFailed(String text) {
    if (phase == Phase.HOLDING) {
      fail(new Trouble(Trouble.Cause.SOURCE, "holding back series: " + text));
    }
  }

  private void dataFlows() {
    health.dataFlows();
    receivers.takesData();
  }

  // ------------------------------------------------------------------ stop and drop

  private void sendNotice() {
    enter(Phase.NOTICE);
    effects.add(
        new FeedEffect.SendNotice(
            goal == Goal.DROP ? Frame.Notice.What.DROP : Frame.Notice.What.STOP));
  }

  private void noticeDone() {
    leaveConnection();
    health.dataFlows();
    if (goal == Goal.RUN) {
      connect();
    } else {
      goal = Goal.REST;
      phase = Phase.IDLE;
      effects.add(new FeedEffect.Finished());
    }
  }

  // ------------------------------------------------------------------ failures and time

  private void lost(String text) {
    if (phase == Phase.IDLE || phase == Phase.WAITING || phase == Phase.HOLDING) {
      return;
    }
    Trouble trouble = new Trouble(Trouble.Cause.UNREACHABLE, text);
    // A connection that worked and was cut is tried there once more: half a file may be there.
    boolean unknown = phase == Phase.CONNECTING || phase == Phase.OPENING;
    if (unknown || health.failuresInRow() > 0) {
      leaveAside(trouble);
    } else {
      fail(trouble);
    }
  }

  /** Fails, and goes on through another of the receiver's nodes if there is one. */
  private void leaveAside(Trouble what) {
    receivers.leaveAside(nowMs);
    fail(what);
  }

  private void fail(Trouble what) {
    health.failed(what, nowMs);
    waitAndRetry();
    if (health.worthLogging()) {
      effects.add(
          new FeedEffect.Log(
              true,
              what.cause()
                  + ": "
                  + what.text()
                  + " (failure "
                  + health.failuresInRow()
                  + " in a row, again in "
                  + (retryAtMs - nowMs)
                  + " ms"
                  + receivers.nextText(nowMs)
                  + ")"));
    }
  }

  private void waitAndRetry() {
    leaveConnection();
    retryAtMs = nowMs + health.retryDelayMs(receivers.size());
    if (goal == Goal.DROP && health.failuresInRow() > FAREWELLS_QUICK_MAX) {
      retryAtMs = Math.max(retryAtMs, nowMs + FAREWELL_PAUSE_MS);
    }
    phase = Phase.WAITING;
  }

  private void leaveConnection() {
    effects.add(new FeedEffect.Disconnect());
    ranges.end();
    receivers.disconnected();
  }

  private void tick() {
    health.tick(nowMs);
    switch (phase) {
      case IDLE, HOLDING -> {}
      case WAITING -> {
        if (nowMs >= retryAtMs) {
          connect();
        }
      }
      case CONNECTING, OPENING -> {
        if (nowMs - enteredAtMs >= options.connectMsMax()) {
          lost(receivers.currentText() + ": no answer for " + (nowMs - enteredAtMs) + " ms");
        }
      }
      case HELLO, FEEDING, NOTICE -> watchSession();
    }
  }

  private void watchSession() {
    if (nowMs - heardAtMs >= options.silenceMsMax()) {
      leaveAside(
          new Trouble(
              Trouble.Cause.UNREACHABLE,
              receivers.currentText() + ": no answer for " + (nowMs - heardAtMs) + " ms"));
    } else if (waits() && nowMs - movedAtMs >= options.progressMsMax()) {
      leaveAside(
          new Trouble(
              Trouble.Cause.TRANSFER,
              receivers.currentText() + stuckText() + (nowMs - movedAtMs) + " ms"));
    } else if (phase == Phase.FEEDING) {
      if (nowMs - saidAtMs >= options.heartbeatMs()) {
        effects.add(new FeedEffect.Send(new Frame.Ping(nowMs)));
        // A lost wake-up costs a heartbeat, not the feed.
        ranges.lookAgain();
      }
      receivers.lookForBetter(nowMs);
    }
  }

  /** Whether it is the receiver's turn. */
  private boolean waits() {
    return phase != Phase.FEEDING || !ranges.isEmpty();
  }

  private String stuckText() {
    return phase == Phase.FEEDING
        ? " is there, but nothing of the range up to " + ranges.oldestEnd() + " moved for "
        : " is there, but has not answered the handshake for ";
  }

  /** Moves to the better address that has answered, as soon as nothing is under way. */
  private void moveWhenDrained() {
    if (phase != Phase.FEEDING || !receivers.wantsToMove()) {
      return;
    }
    ranges.drain();
    if (ranges.drained()) {
      receivers.move();
      leaveConnection();
      enter(Phase.CONNECTING);
      effects.add(new FeedEffect.Connect(receivers.current()));
    }
  }

  // ------------------------------------------------------------------ ranges

  private void feed(FeedEvent event) {
    if (event instanceof FeedEvent.Advanced) {
      ranges.lookAgain();
    } else if (event instanceof FeedEvent.Opened opened) {
      announcing();
      ranges.opened(opened);
    } else if (event instanceof FeedEvent.OpenedEmpty empty) {
      announcing();
      ranges.openedEmpty(empty);
    } else if (event instanceof FeedEvent.NoRange none) {
      if (ranges.noRange(none)) {
        caughtUpAtMs = nowMs;
        dataFlows();
      }
    } else if (event instanceof FeedEvent.OpenFailed failed && ranges.takes(failed.token())) {
      fail(new Trouble(Trouble.Cause.SOURCE, failed.text()));
    } else if (event instanceof FeedEvent.Sent sent) {
      rate.add(nowMs, sent.bytes());
      movedAtMs = nowMs;
    } else if (event instanceof FeedEvent.Streamed streamed && phase == Phase.FEEDING) {
      ranges.streamed(streamed.token());
      movedAtMs = nowMs;
      saidAtMs = nowMs;
    }
  }

  /** The receiver's patience begins with the first range that waits for it. */
  private void announcing() {
    if (ranges.isEmpty()) {
      movedAtMs = nowMs;
    }
  }

  // ------------------------------------------------------------------ what can be seen

  /** Failures in a row, beyond the first, before WARN becomes ERROR. */
  public void retriesMax(int max) {
    health.retriesMax(max);
  }

  /** A pipe that does not run is well, whatever its receiver is. */
  public Health health() {
    return goal == Goal.RUN ? health.health() : Health.NORMAL;
  }

  /** Where it feeds, or tries to. */
  public Frame.Address receiver() {
    return receivers.current();
  }

  /** Whether a session is open. */
  public boolean connected() {
    return phase == Phase.FEEDING;
  }

  /** All up to here is known to be applied at the receiver. */
  public long position() {
    return ranges.position();
  }

  /** End of the last range that was offered to the receiver; at or above the position. */
  public long begunTo() {
    return ranges.announcedTo();
  }

  /** When the receiver last said so; 0 for never. */
  public long appliedAtMs() {
    return appliedAtMs;
  }

  /** When nothing was left; 0 for never. */
  public long caughtUpAtMs() {
    return caughtUp() ? nowMs : caughtUpAtMs;
  }

  /** Everything that was in the region when it was last asked is applied. */
  public boolean caughtUp() {
    return ranges.caughtUp();
  }

  /** Over the last minute, or since the first byte. */
  public long bytesPerSecond() {
    return rate.bytesPerSecond(nowMs);
  }

  /** What last went wrong, also when it is over; null for nothing yet. */
  public Trouble lastTrouble() {
    return health.lastTrouble();
  }

  /** Nothing flows because the receiver cannot make the database. */
  public boolean databaseRefused() {
    return goal == Goal.RUN && health.databaseRefused();
  }

  /** When that was. */
  public long lastTroubleAtMs() {
    return health.lastTroubleAtMs();
  }

  public Map<Trouble.Cause, Long> failures() {
    return health.counts();
  }
}
