package io.sluice.sim.sync;

import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.datanode.point.TimeRange;
import io.sluice.sim.SimWorld;
import io.sluice.sim.sync.Point.Place;
import io.sluice.sim.sync.SendingRegion.Deleted;
import io.sluice.sync.sender.core.FeedEffect;
import io.sluice.sync.sender.core.FeedEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The sender: one region, whoever leads it, and one pipe, which is dropped and made again. */
final class SendingCluster {
  static final String DATABASE = "root.e";
  private static final long FSYNC_MS_MAX = 40;
  private static final long DOWN_MS_MAX = 5_000;

  final SimWorld<SyncFault> world;
  final SyncTruth truth;
  final ReceivingCluster cloud;
  final Source source;

  /** Whether the pipe has SyncDelOp. */
  final boolean deletions;

  private final List<SimFeed> feeds = new ArrayList<>();
  private SendingRegion region;
  private SendingRegion copy;

  /** The running or stopped pipe's; null while there is none, or nobody leads. */
  private SimFeed current;

  private long pipeNumber = 1;
  private boolean exists = true;
  private boolean runs = true;
  private boolean up = true;

  /** What was asked for before a crash happens no more. */
  private long life;

  private int unsynced;
  private long values;
  private long cables;
  private long newestArrived;

  SendingCluster(SimWorld<SyncFault> world, SyncTruth truth, ReceivingCluster cloud) {
    this.world = world;
    this.truth = truth;
    this.cloud = cloud;
    this.source = new Source(newId(), newId());
    this.deletions = world.random.nextInt(5) > 0;
    this.region = new SendingRegion(newNumber());
    feed();
  }

  private SendingCluster(SendingCluster image) {
    this.world = image.world;
    this.truth = image.truth;
    this.cloud = image.cloud;
    this.source = image.source;
    this.deletions = image.deletions;
    this.region = image.region.copy();
    this.values = image.values + 1_000_000;
    region.newLeader(newNumber());
    feed();
  }

  /** Another machine, with a copy of this one's disk: the same ids. */
  SendingCluster flashed() {
    return new SendingCluster(this);
  }

  private UUID newId() {
    return new UUID(world.random.nextLong(), world.random.nextLong());
  }

  private long newNumber() {
    return Math.max(1, world.random.nextLong() >>> 1);
  }

  SendingRegion region() {
    return region;
  }

  /** Whether everything is applied, by the receiver's word. */
  boolean caughtUp() {
    return current != null
        && current.core.caughtUp()
        && current.core.position() >= region.lastDataIndex();
  }

  SimFeed current() {
    return current;
  }

  long nextCable() {
    return ++cables;
  }

  /**
   * @return whether it comes after something of a later connection
   */
  boolean arrives(long cable) {
    boolean overtaken = cable < newestArrived;
    newestArrived = Math.max(newestArrived, cable);
    return overtaken;
  }

  Frame.Hello hello(SimFeed feed) {
    Lineage lineage = feed.region().lineage();
    return new Frame.Hello(
        source,
        "p",
        feed.pipeNumber,
        0,
        DATABASE,
        Long.MIN_VALUE,
        deletions,
        Frame.Hello.PRECISION_MS,
        lineage,
        feed.region().logEnd());
  }

  // ---------------------------------------------------------------- rows

  private void advanced() {
    feeds.forEach(feed -> feed.post(new FeedEvent.Advanced()));
  }

  void write() {
    if (!up) {
      return;
    }
    List<Point> points = new ArrayList<>();
    int series = world.random.nextInt(Point.SERIES);
    for (int i = world.random.nextInt(3); i >= 0; i--) {
      long time = world.random.nextInt(Point.TIMES);
      points.removeIf(point -> point.place().time() == time);
      points.add(new Point(new Place(series, time), ++values));
    }
    unsynced++;
    onceSynced(() -> region.write(points));
  }

  void delete() {
    if (!up) {
      return;
    }
    world.count(SyncFault.DELETION);
    long first = world.random.nextInt(Point.TIMES);
    long last = first + world.random.nextInt(Point.TIMES);
    unsynced++;
    Deleted what = new Deleted(world.random.nextInt(Point.SERIES), new TimeRange(first, last));
    onceSynced(() -> region.delete(what));
  }

  private void onceSynced(Runnable apply) {
    long then = life;
    world.after(
        world.between(1, FSYNC_MS_MAX),
        () -> {
          if (life == then) {
            unsynced--;
            apply.run();
            advanced();
          }
        });
  }

  void seal() {
    if (up) {
      region.seal();
      advanced();
    }
  }

  /** A feed waits for what is in memory. */
  void seal(SimFeed asks) {
    if (asks == current) {
      seal();
    }
  }

  void compact() {
    if (up && region.compact(world.random.nextInt(1 << 20))) {
      world.count(SyncFault.COMPACTION);
      truth.compacted();
    }
  }

  /** Only who leads can write it down. */
  FeedEvent holdBack(SimFeed asks, FeedEffect.HoldBack hold) {
    if (!up || asks != current) {
      return new FeedEvent.HoldFailed("deposed");
    }
    region.holdBack(asks.pipeNumber, hold.sinceIndex(), hold.series());
    return new FeedEvent.HeldBack(hold.series().size());
  }

  /** RETRY PIPE ... QUARANTINE. */
  void retry() {
    if (up && exists && region.rejoin(pipeNumber)) {
      world.count(SyncFault.SERIES_RETRIED);
      advanced();
    }
  }

  // ---------------------------------------------------------------- the pipe

  private void feed() {
    current = new SimFeed(this, region, pipeNumber);
    feeds.add(current);
    if (runs) {
      current.post(new FeedEvent.Run());
    }
  }

  void stop() {
    if (up && exists && runs) {
      world.count(SyncFault.PIPE_STOPPED);
      runs = false;
      current.post(new FeedEvent.Stop());
    }
  }

  void start() {
    if (up && exists && !runs) {
      world.count(SyncFault.PIPE_STARTED);
      runs = true;
      current.post(new FeedEvent.Run());
    }
  }

  void drop() {
    if (up && exists) {
      world.count(SyncFault.PIPE_DROPPED);
      current.post(new FeedEvent.Drop());
      exists = false;
      current = null;
      world.after(world.between(0, 3_000), this::create);
    }
  }

  private void create() {
    pipeNumber++;
    exists = true;
    runs = true;
    if (up) {
      feed();
    }
  }

  /** The receiver knows that it stopped or was dropped. */
  void finished(SimFeed feed) {
    if (feed != current) {
      feeds.remove(feed);
      feed.close();
    }
  }

  // ---------------------------------------------------------------- machines

  /** Before each effect of a feed. */
  boolean dies() {
    if (up && world.strikes(SyncFault.SENDER_CRASH, 0.001)) {
      crash();
    }
    return !up;
  }

  /** Whatever it is at. */
  void dieNow() {
    if (up) {
      world.count(SyncFault.SENDER_CRASH);
      crash();
    }
  }

  private void crash() {
    life++;
    up = false;
    if (unsynced > 0) {
      world.count(SyncFault.SENDER_UNSYNCED_LOST);
    }
    unsynced = 0;
    feeds.forEach(SimFeed::close);
    feeds.clear();
    current = null;
    world.after(world.between(100, DOWN_MS_MAX), this::comeBack);
  }

  private void comeBack() {
    up = true;
    region.newLeader(newNumber());
    if (exists) {
      feed();
    }
  }

  void changeLeader() {
    if (!up || current == null) {
      return;
    }
    world.count(SyncFault.SENDER_LEADER_CHANGE);
    SimFeed deposed = current;
    deposed.depose();
    region.newLeader(newNumber());
    feed();
    if (world.strikes(SyncFault.DEPOSED_SENDER_GOES_ON, 0.5)) {
      world.after(world.between(100, 4_000), () -> leave(deposed));
    } else {
      leave(deposed);
    }
  }

  private void leave(SimFeed deposed) {
    feeds.remove(deposed);
    deposed.close();
  }

  void backUp() {
    copy = region.copy();
  }

  void restore() {
    if (up && copy != null) {
      world.count(SyncFault.SENDER_RESTORED);
      truth.senderLoses(region, copy);
      region = copy.copy();
      crash();
    }
  }
}
