package io.sluice.sync.sender.core;

import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.sender.SyncSenderOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One (pipe, source region) as a state machine: what to do next, given what happened. Does no I/O
 * and reads no clock; owned by one thread. A feed keeps nothing that must survive: where to go on
 * is the receiver's to say at each handshake.
 */
public final class FeedCore {
  /** Handshakes that failed in a row for a moved record before it is called trouble. */
  private static final int SHAKES_QUIET_MAX = 2;

  private final SyncSenderOptions options;
  private final Addresses addresses;
  private final Window window = new Window();
  private final FeedHealth health;
  private final List<FeedEffect> effects = new ArrayList<>();

  private Goal goal = Goal.REST;
  private Phase phase = Phase.IDLE;
  private long nowMs;

  /** When to connect again, in phase WAITING. */
  private long retryAtMs;

  private long heardAtMs;
  private long saidAtMs;

  private long position;
  private long appliedAtMs;

  /** End of the last announced range. */
  private long announcedTo;

  private long tokens;

  /** Token of the range being opened, 0 for none. */
  private long opening;

  /** No range was left when last asked, and the region has not gone on since. */
  private boolean exhausted;

  private boolean caughtUp;

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
    /** STOP or DROP is sent. */
    NOTICE
  }

  public FeedCore(SyncSenderOptions options, Frame.Address sink) {
    this.options = options;
    this.health = new FeedHealth(options);
    this.addresses = new Addresses(sink);
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
    } else if (event instanceof FeedEvent.Received received) {
      heardAtMs = nowMs;
      received(received.frame());
    } else if (event instanceof FeedEvent.Tick) {
      tick();
    } else {
      feed(event);
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
    effects.add(new FeedEffect.Connect(addresses.current()));
  }

  private void enter(Phase next) {
    phase = next;
    heardAtMs = nowMs;
    saidAtMs = nowMs;
  }

  // ------------------------------------------------------------------ what the receiver says

  private void received(Frame.FromReceiver frame) {
    if (frame instanceof Frame.Refused refused) {
      refused(refused);
    } else if (frame instanceof Frame.Greeting greeting && phase == Phase.OPENING) {
      if (goal == Goal.RUN) {
        effects.add(new FeedEffect.Claim(greeting.clusterId()));
      } else {
        sendNotice();
      }
    } else if (frame instanceof Frame.Welcome welcome && phase == Phase.HELLO) {
      welcome(welcome);
    } else if (frame instanceof Frame.NoticeDone && phase == Phase.NOTICE) {
      noticeDone();
    } else if (phase == Phase.FEEDING) {
      answered(frame);
    }
  }

  private void refused(Frame.Refused refused) {
    if (refused.code() == Refusal.SHAKE_AGAIN && health.failuresInRow() < SHAKES_QUIET_MAX) {
      effects.add(new FeedEffect.Log(false, "shaking hands again: " + refused.text()));
      health.triedInVain();
      waitAndRetry();
    } else {
      fail(Trouble.of(refused.code(), refused.text()));
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

  private void welcome(Frame.Welcome welcome) {
    addresses.learn(welcome.receivers());
    if (goal != Goal.RUN) {
      sendNotice();
      return;
    }
    enter(Phase.FEEDING);
    boolean parted = welcome.parted();
    health.welcomed(parted);
    position = welcome.start();
    announcedTo = welcome.start();
    exhausted = false;
    caughtUp = false;
    effects.add(
        new FeedEffect.Log(
            parted,
            "connected, session "
                + welcome.session()
                + ", start at "
                + welcome.start()
                + (parted ? ": the lineage parted, sending again from there" : "")));
    openNext();
  }

  private void answered(Frame.FromReceiver frame) {
    if (frame instanceof Frame.FileAccept accept) {
      window.accepted(accept.end(), accept.offset());
      streamNext();
    } else if (frame instanceof Frame.Applied applied) {
      applied(applied.end());
    } else if (frame instanceof Frame.Conflict conflict) {
      fail(new Trouble(Trouble.Cause.CONFLICT, conflict.text()));
    }
  }

  private void applied(long end) {
    // Never past what was announced: a receiver cannot have applied what it was not told of.
    if (end <= position || end > announcedTo) {
      return;
    }
    for (long token : window.applied(end)) {
      effects.add(new FeedEffect.Release(token));
    }
    position = end;
    appliedAtMs = nowMs;
    health.dataFlows();
    openNext();
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
    if (phase != Phase.IDLE && phase != Phase.WAITING) {
      if (phase == Phase.CONNECTING || phase == Phase.OPENING) {
        addresses.leaveAside();
      }
      fail(new Trouble(Trouble.Cause.UNREACHABLE, text));
    }
  }

  private void fail(Trouble what) {
    health.failed(what);
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
                  + " ms)"));
    }
  }

  private void waitAndRetry() {
    leaveConnection();
    retryAtMs = nowMs + health.retryDelayMs();
    phase = Phase.WAITING;
  }

  private void leaveConnection() {
    effects.add(new FeedEffect.Disconnect());
    window.clear();
    opening = 0;
    caughtUp = false;
  }

  private void tick() {
    if (phase == Phase.WAITING) {
      if (nowMs >= retryAtMs) {
        connect();
      }
    } else if (phase != Phase.IDLE) {
      if (nowMs - heardAtMs >= options.silenceMsMax()) {
        lost("no answer for " + (nowMs - heardAtMs) + " ms");
      } else if (phase == Phase.FEEDING && nowMs - saidAtMs >= options.heartbeatMs()) {
        send(new Frame.Ping(nowMs));
        // A lost wake-up costs a heartbeat, not the feed.
        exhausted = false;
        openNext();
      }
    }
  }

  // ------------------------------------------------------------------ ranges

  private void feed(FeedEvent event) {
    if (event instanceof FeedEvent.Advanced) {
      exhausted = false;
      if (phase == Phase.FEEDING) {
        openNext();
      }
    } else if (event instanceof FeedEvent.Opened opened) {
      opened(opened);
    } else if (event instanceof FeedEvent.OpenedEmpty empty && takes(empty.token())) {
      window.add(empty.token(), empty.end(), 0);
      announcedTo = empty.end();
      exhausted = false;
      send(new Frame.Passed(empty.start(), empty.end(), empty.lineage()));
      openNext();
    } else if (event instanceof FeedEvent.NoRange none && takes(none.token())) {
      noRange(none);
    } else if (event instanceof FeedEvent.OpenFailed failed && takes(failed.token())) {
      fail(new Trouble(Trouble.Cause.SOURCE, failed.text()));
    } else if (event instanceof FeedEvent.Streamed streamed && phase == Phase.FEEDING) {
      window.streamed(streamed.token());
      saidAtMs = nowMs;
      streamNext();
    }
  }

  /** Whether the answer is the one waited for; if so, nothing is being opened any more. */
  private boolean takes(long token) {
    if (opening != token || phase != Phase.FEEDING) {
      return false;
    }
    opening = 0;
    return true;
  }

  private void opened(FeedEvent.Opened opened) {
    if (!takes(opened.token())) {
      // Of a connection that is gone.
      effects.add(new FeedEffect.Release(opened.token()));
      return;
    }
    window.add(opened.token(), opened.end(), opened.lengthBytes());
    announcedTo = opened.end();
    exhausted = false;
    send(
        new Frame.FileBegin(
            opened.start(), opened.end(), opened.lineage(), opened.lengthBytes(), opened.crc32c()));
    openNext();
  }

  private void noRange(FeedEvent.NoRange none) {
    if (!exhausted) {
      // It went on while we asked.
      openNext();
      return;
    }
    caughtUp = none.lastDataIndex() <= announcedTo;
    if (!caughtUp) {
      effects.add(new FeedEffect.SealSoon());
    } else if (window.isEmpty()) {
      health.dataFlows();
    }
  }

  private void openNext() {
    if (opening == 0 && !exhausted && window.size() < options.windowPieces()) {
      // Until the answer comes, Advanced clears it again.
      exhausted = true;
      opening = ++tokens;
      effects.add(new FeedEffect.OpenNext(opening, announcedTo));
    }
  }

  private void streamNext() {
    FeedEffect.Stream next = window.nextToStream();
    if (next != null) {
      effects.add(next);
    }
  }

  private void send(Frame.FromSender frame) {
    saidAtMs = nowMs;
    effects.add(new FeedEffect.Send(frame));
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

  /** All up to here is known to be applied at the receiver. */
  public long position() {
    return position;
  }

  /** When the receiver last said so; 0 for never. */
  public long appliedAtMs() {
    return appliedAtMs;
  }

  /** Everything that was in the region when it was last asked is applied. */
  public boolean caughtUp() {
    return phase == Phase.FEEDING && caughtUp && window.isEmpty();
  }

  public Map<Trouble.Cause, Long> failures() {
    return health.counts();
  }
}
