package io.sluice.sync.sender;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.sender.core.FeedEvent;
import io.sluice.sync.sender.core.Health;
import io.sluice.sync.sender.net.CurrentTerms;
import io.sluice.sync.sender.net.DigestLink;
import io.sluice.sync.sender.net.FeedClaims;
import io.sluice.sync.sender.net.KnownReceivers;
import io.sluice.sync.sender.net.ReceiverQuestions;
import io.sluice.sync.sender.net.RegionFeed;
import io.sluice.sync.sender.port.SourceRegion;
import io.sluice.sync.sender.port.SourceRegions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ships the regions led here through every running pipe. Composition root of this module. Nothing
 * here blocks; thread-safe.
 */
public final class SyncSender implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sync.sender");
  private static final long CLOSE_WAIT_MS = 5_000;

  /** For which a region that comes to be led here is still told of a pipe that was dropped. */
  private static final long DROPPED_MS = 60_000;

  /** For which a receiver that cannot be reached is tried, to be told of a drop. */
  private static final long FAREWELL_MS_MAX = 24 * 3_600_000;

  private static final Health RESTING =
      new Health(
          Health.Level.WARN,
          "senders rest: no ConfigNode has confirmed the pipe table for too long");

  private final SourceRegions regions;
  private final MonotonicClock clock;
  private final EventLoopGroup loops;
  private final ExecutorService openers;
  private final FeedClaims claims = new FeedClaims();
  private final KnownReceivers receivers = new KnownReceivers();
  private final Map<Long, Pipe> pipes = new HashMap<>();

  /** Feeds of dropped pipes whose receiver does not know yet, and since when. */
  private final Map<RegionFeed, Long> farewells = new HashMap<>();

  /** Dropped a moment ago, and when; with the feeds that tell of it. */
  private final Map<Pipe, Long> dropped = new HashMap<>();

  /** The running feeds by region, replaced whole: regions wake them from their hot path. */
  private volatile Map<UUID, List<RegionFeed>> running = Map.of();

  private SyncSenderOptions options;
  private LongConsumer told = pipeNumber -> {};
  private boolean resting;
  private boolean closed;

  private static final class Pipe {
    final PipeSpec spec;
    final CurrentTerms terms;
    final Map<UUID, RegionFeed> feeds = new HashMap<>();

    boolean running;

    Pipe(PipeSpec spec) {
      this.spec = spec;
      this.terms = new CurrentTerms(spec.terms());
    }

    Shipped shipped(UUID region) {
      // Whoever led the region meanwhile may have sent more: what an ended feed knew is worth
      // nothing.
      RegionFeed feed = feeds.get(region);
      return feed != null ? feed.shipped() : new Shipped(0, 0, spec.syncDeletions());
    }
  }

  public SyncSender(SyncSenderOptions options, SourceRegions regions, MonotonicClock clock) {
    this.options = options;
    this.regions = regions;
    this.clock = clock;
    this.loops =
        new MultiThreadIoEventLoopGroup(
            options.eventLoops(),
            new DefaultThreadFactory("sync-sender", true),
            NioIoHandler.newFactory());
    this.openers =
        Executors.newFixedThreadPool(
            options.openers(), new DefaultThreadFactory("sync-opener", true));
    regions.listen(
        new SourceRegions.Listener() {
          @Override
          public void ledChanged() {
            followRegions();
          }

          @Override
          public void advanced(UUID region) {
            wake(region);
          }
        });
  }

  /**
   * The pipe runs: every region led here, now and later, is shipped. Idempotent, but for the terms,
   * which are the latest ones said.
   */
  public synchronized void start(PipeSpec spec) {
    Pipe pipe = known(spec);
    pipe.running = true;
    claims.runs(spec, clock.nowMs());
    for (RegionFeed feed : pipe.feeds.values()) {
      feed.post(new FeedEvent.Run());
    }
    followRegions();
  }

  /** The pipe rests; its receiver is told, as soon as it can be. Idempotent. */
  public synchronized void stop(PipeSpec spec) {
    Pipe pipe = known(spec);
    if (pipe.running) {
      pipe.running = false;
      claims.rests(spec.number());
      for (RegionFeed feed : pipe.feeds.values()) {
        feed.post(new FeedEvent.Stop());
      }
      collectRunning();
    }
  }

  private Pipe known(PipeSpec spec) {
    Pipe pipe = pipes.computeIfAbsent(spec.number(), number -> new Pipe(spec));
    pipe.terms.change(spec.terms());
    return pipe;
  }

  /** The pipe is no more; its receiver is told to forget it, as soon as it can be. Idempotent. */
  public synchronized void drop(PipeSpec spec) {
    Pipe pipe = pipes.remove(spec.number());
    claims.release(spec.number());
    if (pipe == null) {
      pipe = new Pipe(spec);
    }
    pipe.running = false;
    for (RegionFeed feed : pipe.feeds.values()) {
      sayFarewell(feed);
    }
    dropped.put(pipe, clock.nowMs());
    sayFarewells();
    collectRunning();
  }

  /**
   * Call before the first drop.
   *
   * @param told gets the number of a dropped pipe once its receiver knows, for every region led
   *     here; maybe more than once; may do I/O
   */
  public synchronized void whenTold(LongConsumer told) {
    this.told = told;
  }

  /** Also for regions that came to be led here since: whoever led them may not have done it. */
  private void sayFarewells() {
    long nowMs = clock.nowMs();
    dropped.values().removeIf(atMs -> nowMs - atMs >= DROPPED_MS);
    for (Pipe pipe : dropped.keySet()) {
      for (SourceRegion region : regions.led()) {
        if (addFeed(pipe, region)) {
          sayFarewell(pipe.feeds.get(region.id()));
        }
      }
    }
    farewells
        .entrySet()
        .removeIf(
            farewell -> {
              boolean tooLong = nowMs - farewell.getValue() >= FAREWELL_MS_MAX;
              if (tooLong) {
                farewell.getKey().close();
              }
              return tooLong;
            });
  }

  private void sayFarewell(RegionFeed feed) {
    farewells.put(feed, clock.nowMs());
    feed.drop();
  }

  /**
   * While resting nothing is sent and nobody is told: it is not known what the pipes should do.
   * Idempotent.
   */
  public synchronized void rest(boolean rests) {
    if (resting != rests) {
      resting = rests;
      followRegions();
    }
  }

  /** The worst of the pipe's feeds; NORMAL for a pipe that does not run here. */
  public synchronized Health health(long pipeNumber) {
    Health worst = Health.NORMAL;
    Pipe pipe = pipes.get(pipeNumber);
    if (pipe != null && pipe.running) {
      worst = resting ? RESTING : worst;
      for (RegionFeed feed : pipe.feeds.values()) {
        worst = worst.worse(feed.health());
      }
    }
    return worst;
  }

  /** Whether senders rest, see {@link #rest}. */
  public synchronized boolean resting() {
    return resting;
  }

  /** How far each pipe known here, running or not, has come in a region. Does not block. */
  public synchronized List<Shipped> shipped(UUID region) {
    return pipes.values().stream().map(pipe -> pipe.shipped(region)).toList();
  }

  /** Pipes known here whose receivers have all of a region up to {@code index}. Does not block. */
  public synchronized List<Long> past(UUID region, long index) {
    return pipes.values().stream()
        .filter(pipe -> pipe.shipped(region).position() >= index)
        .map(pipe -> pipe.spec.number())
        .toList();
  }

  /** One per pipe known here and region it has a feed for. May block for the regions. */
  public List<FeedReport> reports() {
    List<RegionFeed> feeds = new ArrayList<>();
    synchronized (this) {
      pipes.values().forEach(pipe -> feeds.addAll(pipe.feeds.values()));
    }
    return feeds.stream().map(RegionFeed::report).toList();
  }

  /**
   * A way to ask the pipe's receiver what it holds, by the pipe's terms as they are at each moment.
   * Blocks while it is made.
   *
   * @param alsoAt where feeds of other nodes reach the receiver: this one may have none
   * @throws IOException saying why there is none
   */
  public ReceiverQuestions compare(long pipeNumber, Supplier<List<Frame.Address>> alsoAt)
      throws IOException {
    Pipe pipe;
    synchronized (this) {
      pipe = pipes.get(pipeNumber);
    }
    if (pipe == null) {
      throw new IOException("this DataNode does not know the pipe yet");
    }
    Frame.Address sink = new Frame.Address(pipe.spec.host(), pipe.spec.port());
    return ReceiverQuestions.open(
        () -> {
          Set<Frame.Address> all = new LinkedHashSet<>(receivers.addresses(sink));
          all.addAll(alsoAt.get());
          return List.copyOf(all);
        },
        address ->
            DigestLink.open(
                loops.next(), address, pipe.terms.credentials(), openers, options, clock),
        clock);
  }

  /** Takes effect at once: see {@link SyncSenderOptions#retriesMax}. */
  public synchronized void retriesMax(int max) {
    options = options.withRetriesMax(max);
    for (Pipe pipe : pipes.values()) {
      pipe.feeds.values().forEach(feed -> feed.retriesMax(max));
    }
  }

  private synchronized void followRegions() {
    Map<UUID, SourceRegion> led = new HashMap<>();
    if (!resting) {
      regions.led().forEach(region -> led.put(region.id(), region));
    }
    for (Pipe pipe : pipes.values()) {
      pipe.feeds
          .entrySet()
          .removeIf(
              feed -> {
                SourceRegion region = led.get(feed.getKey());
                boolean gone = region == null || !region.shippedBy(pipe.spec.number());
                if (gone) {
                  feed.getValue().close();
                }
                return gone;
              });
      if (pipe.running) {
        for (SourceRegion region : led.values()) {
          if (region.shippedBy(pipe.spec.number()) && addFeed(pipe, region)) {
            pipe.feeds.get(region.id()).post(new FeedEvent.Run());
          }
        }
      }
    }
    if (!resting) {
      sayFarewells();
    }
    collectRunning();
  }

  private void collectRunning() {
    Map<UUID, List<RegionFeed>> collected = new HashMap<>();
    for (Pipe pipe : pipes.values()) {
      if (pipe.running) {
        pipe.feeds.forEach(
            (region, feed) -> collected.computeIfAbsent(region, id -> new ArrayList<>()).add(feed));
      }
    }
    running = collected;
  }

  private boolean addFeed(Pipe pipe, SourceRegion region) {
    if (closed || pipe.feeds.containsKey(region.id())) {
      return false;
    }
    RegionFeed[] self = new RegionFeed[1];
    self[0] =
        new RegionFeed(
            options,
            pipe.spec,
            pipe.terms,
            regions.clusterId(),
            region,
            claims,
            receivers,
            loops.next(),
            openers,
            clock,
            () -> farewell(self[0]));
    pipe.feeds.put(region.id(), self[0]);
    return true;
  }

  /** On the feed's loop: STOP or DROP has reached the receiver. */
  private synchronized void farewell(RegionFeed feed) {
    if (farewells.remove(feed) != null) {
      feed.close();
      boolean last =
          farewells.keySet().stream().noneMatch(each -> each.pipeNumber() == feed.pipeNumber());
      if (last && !closed) {
        openers.execute(() -> told.accept(feed.pipeNumber()));
      }
    }
  }

  private void wake(UUID region) {
    for (RegionFeed feed : running.getOrDefault(region, List.of())) {
      feed.advanced();
    }
  }

  /**
   * Ends all feeds; receivers see the connections close. On return no file is open, nor any being
   * opened: the regions may be closed too.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      for (Pipe pipe : pipes.values()) {
        pipe.feeds.values().forEach(RegionFeed::close);
      }
      pipes.clear();
      farewells.keySet().forEach(RegionFeed::close);
      farewells.clear();
    }
    awaitOpeners();
    loops
        .shutdownGracefully(0, CLOSE_WAIT_MS, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(CLOSE_WAIT_MS);
  }

  /** Before the loops end: on them a file that comes too late is closed. */
  private void awaitOpeners() {
    openers.shutdown();
    try {
      if (!openers.awaitTermination(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("files are still being opened");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
