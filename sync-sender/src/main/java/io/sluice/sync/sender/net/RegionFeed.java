package io.sluice.sync.sender.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.sender.FeedReport;
import io.sluice.sync.sender.PipeSpec;
import io.sluice.sync.sender.Shipped;
import io.sluice.sync.sender.SinkCredentials;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.FeedCore;
import io.sluice.sync.sender.core.FeedEffect;
import io.sluice.sync.sender.core.FeedEvent;
import io.sluice.sync.sender.core.Health;
import io.sluice.sync.sender.core.Trouble;
import io.sluice.sync.sender.port.PieceFile;
import io.sluice.sync.sender.port.ReadyRange;
import io.sluice.sync.sender.port.SourceRegion;
import io.sluice.sync.sender.port.Wanted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipe and one region: carries out what {@link FeedCore} wants. Everything runs on one event
 * loop, but opening files, which runs on the openers.
 */
public final class RegionFeed {
  private static final Logger LOG = LoggerFactory.getLogger("sync.sender");
  private static final long TICK_MS = 100;

  private final SyncSenderOptions options;
  private final PipeSpec pipe;
  private final CurrentTerms terms;
  private final UUID clusterId;
  private final SourceRegion region;
  private final FeedClaims claims;
  private final KnownReceivers receivers;
  private final Frame.Address sink;
  private final EventLoop loop;
  private final Executor openers;
  private final MonotonicClock clock;
  private final Runnable finished;
  private final FeedCore core;
  private final Map<Long, OpenFile> files = new HashMap<>();
  private final ScheduledFuture<?> ticks;

  /** Set while an Advanced waits for the loop, so that a busy region costs one event at a time. */
  private final AtomicBoolean advancing = new AtomicBoolean();

  private FeedConnection connection;

  /** Null while none is under way. */
  private Probe probe;

  /** The cluster at the other end, once it has said so; openers read it. */
  private volatile UUID receiver;

  private ByteBuffer chunkBuffer;
  private boolean closed;

  /** What the core was last told of series held back. */
  private int toldHeld;

  private volatile State state;

  /** What others see of the core, which only the loop may touch. */
  private record State(
      Health health,
      Frame.Address receiver,
      boolean connected,
      long position,
      long begunTo,
      long appliedAtMs,
      boolean caughtUp,
      long caughtUpAtMs,
      long bytesPerSecond,
      boolean databaseRefused,
      Map<Trouble.Cause, Long> failures,
      Trouble lastTrouble,
      long lastTroubleAtMs) {}

  private static final class OpenFile {
    final ReadyRange range;
    final PieceFile piece;
    final FileChannel channel;
    final long openedAtMs;
    FileStream stream;

    OpenFile(ReadyRange range, PieceFile piece, FileChannel channel, long openedAtMs) {
      this.range = range;
      this.piece = piece;
      this.channel = channel;
      this.openedAtMs = openedAtMs;
    }

    void close() {
      if (stream != null) {
        stream.stop();
      }
      try {
        channel.close();
      } catch (IOException e) {
        LOG.warn("closing {}", piece.path(), e);
      }
      piece.close();
    }
  }

  /**
   * @param finished told on the loop once a STOP or DROP has reached the receiver
   */
  public RegionFeed(
      SyncSenderOptions options,
      PipeSpec pipe,
      CurrentTerms terms,
      UUID clusterId,
      SourceRegion region,
      FeedClaims claims,
      KnownReceivers receivers,
      EventLoop loop,
      Executor openers,
      MonotonicClock clock,
      Runnable finished) {
    this.options = options;
    this.pipe = pipe;
    this.terms = terms;
    this.clusterId = clusterId;
    this.region = region;
    this.claims = claims;
    this.receivers = receivers;
    this.sink = new Frame.Address(pipe.host(), pipe.port());
    this.loop = loop;
    this.openers = openers;
    this.clock = clock;
    this.finished = finished;
    this.core = new FeedCore(options, region.id(), sink);
    FeedEvent.Learned known = receivers.behind(sink);
    if (known != null) {
      post(known);
    }
    this.state = stateNow();
    this.ticks = loop.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    int held = region.heldBack(pipe.number());
    if (held != toldHeld) {
      toldHeld = held;
      step(new FeedEvent.Holding(held));
    }
    step(new FeedEvent.Tick());
  }

  /** Any thread: the pipe is no more, and its receiver is to know. */
  public void drop() {
    onOpener(() -> region.forgetPipe(pipe.number()));
    post(new FeedEvent.Drop());
  }

  /** Any thread. */
  public void post(FeedEvent event) {
    try {
      loop.execute(() -> step(event));
    } catch (RejectedExecutionException e) {
      LOG.debug("event after close", e);
    }
  }

  /** Any thread: the region went on. */
  public void advanced() {
    if (advancing.compareAndSet(false, true)) {
      try {
        loop.execute(
            () -> {
              advancing.set(false);
              step(new FeedEvent.Advanced());
            });
      } catch (RejectedExecutionException e) {
        LOG.debug("event after close", e);
      }
    }
  }

  public long pipeNumber() {
    return pipe.number();
  }

  /** Any thread. */
  public void retriesMax(int max) {
    loop.execute(() -> core.retriesMax(max));
  }

  /** Any thread: ends without telling the receiver. */
  public void close() {
    try {
      loop.execute(
          () -> {
            closed = true;
            ticks.cancel(false);
            disconnect();
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("closed already", e);
    }
  }

  /** What is wrong with it; a moment old. Any thread. */
  public Health health() {
    return state.health();
  }

  /** How far it has come; a moment old. Any thread. */
  public Shipped shipped() {
    State now = state;
    return new Shipped(now.position(), now.begunTo(), pipe.syncDeletions());
  }

  /** How it is doing. Any thread; may block for the region. */
  public FeedReport report() {
    State now = state;
    return new FeedReport(
        pipe.name(),
        pipe.number(),
        region.id(),
        region.database(),
        now.health(),
        now.receiver(),
        now.connected(),
        now.position(),
        region.lastDataIndex(),
        now.appliedAtMs(),
        now.caughtUp(),
        now.caughtUpAtMs(),
        region.backlogAfter(now.position()),
        now.bytesPerSecond(),
        now.databaseRefused(),
        now.failures(),
        now.lastTrouble(),
        now.lastTroubleAtMs());
  }

  private void step(FeedEvent event) {
    if (closed) {
      if (event instanceof FeedEvent.Opened opened) {
        release(opened.token());
      }
      return;
    }
    for (FeedEffect effect : core.step(event, clock.nowMs())) {
      carryOut(effect);
    }
    state = stateNow();
  }

  private State stateNow() {
    return new State(
        core.health(),
        core.receiver(),
        core.connected(),
        core.position(),
        core.begunTo(),
        core.appliedAtMs(),
        core.caughtUp(),
        core.caughtUpAtMs(),
        core.bytesPerSecond(),
        core.databaseRefused(),
        core.failures(),
        core.lastTrouble(),
        core.lastTroubleAtMs());
  }

  private void carryOut(FeedEffect effect) {
    if (effect instanceof FeedEffect.Connect connect) {
      connect(connect.address());
    } else if (effect instanceof FeedEffect.Disconnect) {
      disconnect();
    } else if (effect instanceof FeedEffect.Probe wanted) {
      probe(wanted.address());
    } else if (effect instanceof FeedEffect.Learned learned) {
      receivers.learned(sink, learned.clusterId(), learned.receivers());
    } else if (effect instanceof FeedEffect.SendHello) {
      sendHello();
    } else if (effect instanceof FeedEffect.Send send) {
      connection.send(send.frame());
    } else if (effect instanceof FeedEffect.SendNotice notice) {
      connection.send(new Frame.Notice(source(), pipe.number(), region.database(), notice.what()));
    } else if (effect instanceof FeedEffect.Claim claim) {
      receiver = claim.clusterId();
      post(answerTo(claim.clusterId()));
    } else if (effect instanceof FeedEffect.GiveWay) {
      claims.tooOld(pipe.number());
    } else if (effect instanceof FeedEffect.OpenNext open) {
      onOpener(() -> openOnWorker(open));
    } else if (effect instanceof FeedEffect.Stream stream) {
      stream(stream);
    } else if (effect instanceof FeedEffect.Release released) {
      release(released.token());
    } else if (effect instanceof FeedEffect.SealSoon) {
      region.sealSoon();
    } else if (effect instanceof FeedEffect.HoldBack hold) {
      onOpener(() -> holdOnWorker(hold));
    } else if (effect instanceof FeedEffect.Finished) {
      finished.run();
    } else if (effect instanceof FeedEffect.Log log) {
      log(log);
    }
  }

  private FeedEvent answerTo(UUID clusterId) {
    FeedClaims.Claim claim = claims.claim(region.id(), clusterId, pipe, clock.nowMs());
    if (claim instanceof FeedClaims.Claim.Unsettled) {
      return new FeedEvent.Unsettled();
    }
    String other = claim instanceof FeedClaims.Claim.Taken taken ? taken.by().name() : null;
    return new FeedEvent.Claimed(clusterId, other);
  }

  private void log(FeedEffect.Log log) {
    if (log.warn()) {
      LOG.warn("pipe {} {} of {}: {}", pipe.name(), region.id(), region.database(), log.text());
    } else {
      LOG.info("pipe {} {} of {}: {}", pipe.name(), region.id(), region.database(), log.text());
    }
  }

  private Source source() {
    return new Source(clusterId, region.id());
  }

  private void connect(Frame.Address address) {
    // Events are queued, not handled at once: they may come while effects are being carried out.
    FeedConnection[] made = new FeedConnection[1];
    made[0] = new FeedConnection(event -> loop.execute(() -> fromConnection(made[0], event)));
    connection = made[0];
    SinkCredentials credentials = terms.now().credentials();
    CredentialsExchange exchange =
        credentials == null ? null : new CredentialsExchange(credentials, openers);
    connection.connect(loop, address, (int) options.connectMsMax(), exchange);
  }

  private void probe(Frame.Address address) {
    // The answer is queued: it may come while effects are being carried out.
    probe = new Probe(loop, address, this::post);
    probe.start(loop, (int) options.connectMsMax());
  }

  private void fromConnection(FeedConnection sender, FeedEvent event) {
    if (sender == connection) {
      step(event);
    }
  }

  private void sendHello() {
    Lineage lineage = region.lineage();
    connection.send(
        new Frame.Hello(
            source(),
            pipe.name(),
            pipe.number(),
            pipe.createdAtMs(),
            region.database(),
            pipe.startTimeMs(),
            pipe.syncDeletions(),
            Frame.Hello.PRECISION_MS,
            lineage,
            region.logEnd()));
  }

  private void disconnect() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
    if (probe != null) {
      probe.close();
      probe = null;
    }
    files.values().forEach(OpenFile::close);
    files.clear();
  }

  private void onOpener(Runnable task) {
    try {
      openers.execute(task);
    } catch (RejectedExecutionException e) {
      LOG.debug("closing", e);
    }
  }

  private void holdOnWorker(FeedEffect.HoldBack hold) {
    try {
      post(
          new FeedEvent.HeldBack(region.holdBack(pipe.number(), hold.sinceIndex(), hold.series())));
    } catch (IOException | RuntimeException e) {
      LOG.warn("pipe {} {}: series cannot be held back", pipe.name(), region.id(), e);
      post(new FeedEvent.HoldFailed(String.valueOf(e.getMessage())));
    }
  }

  private void openOnWorker(FeedEffect.OpenNext wanted) {
    long token = wanted.token();
    try {
      // Read before asking for a range: what is sealed meanwhile brings an Advanced of its own.
      long lastDataIndex = region.lastDataIndex();
      Optional<ReadyRange> next =
          region.openNextAfter(
              wanted.index(),
              new Wanted(pipe.number(), pipe.startTimeMs(), pipe.syncDeletions(), receiver));
      if (next.isEmpty()) {
        post(new FeedEvent.NoRange(token, lastDataIndex));
        return;
      }
      ReadyRange range = next.get();
      long lineage = region.lineage().numberAt(range.end());
      if (range.file().isEmpty()) {
        post(new FeedEvent.OpenedEmpty(token, range.start(), range.end(), lineage, range.cutBy()));
      } else {
        opened(token, range, lineage, range.file().get());
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("pipe {} {}: a range cannot be opened", pipe.name(), region.id(), e);
      post(new FeedEvent.OpenFailed(token, String.valueOf(e.getMessage())));
    }
  }

  private void opened(long token, ReadyRange range, long lineage, PieceFile piece)
      throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(piece.path(), StandardOpenOption.READ);
    } catch (IOException e) {
      piece.close();
      throw e;
    }
    OpenFile file = new OpenFile(range, piece, channel, clock.nowMs());
    try {
      loop.execute(
          () -> {
            files.put(token, file);
            step(
                new FeedEvent.Opened(
                    token,
                    range.start(),
                    range.end(),
                    lineage,
                    range.cutBy(),
                    range.via(),
                    piece.lengthBytes(),
                    piece.crc32c(),
                    piece.content()));
          });
    } catch (RejectedExecutionException e) {
      file.close();
    }
  }

  private void stream(FeedEffect.Stream wanted) {
    OpenFile file = files.get(wanted.token());
    if (wanted.offset() > 0) {
      LOG.info(
          "pipe {} {}: up to {} goes on at byte {} of {}",
          pipe.name(),
          region.id(),
          file.range.end(),
          wanted.offset(),
          file.piece.lengthBytes());
    }
    FeedConnection from = connection;
    file.stream =
        new FileStream(
            connection.channel(),
            file.channel,
            new ChunkSource(
                file.channel,
                chunkBuffer(),
                file.range.end(),
                wanted.offset(),
                file.piece.lengthBytes(),
                connection.version() >= Opening.VERSION_PACKED),
            terms,
            clock,
            new FileStream.Done() {
              @Override
              public void progressed(long bytes) {
                post(new FeedEvent.Sent(bytes));
              }

              @Override
              public void sent() {
                post(new FeedEvent.Streamed(wanted.token()));
              }

              @Override
              public void failed(IOException cause) {
                // The connection is in the middle of a file: it cannot go on.
                String text = file.piece.path() + ": " + cause.getMessage();
                loop.execute(() -> fromConnection(from, new FeedEvent.Lost(text)));
              }
            });
    file.stream.start();
  }

  private ByteBuffer chunkBuffer() {
    if (chunkBuffer == null) {
      chunkBuffer = ChunkSource.newBuffer();
    }
    return chunkBuffer;
  }

  private void release(long token) {
    OpenFile file = files.remove(token);
    if (file != null) {
      LOG.info(
          "pipe {} {}: up to {} applied, {} bytes, {} ms",
          pipe.name(),
          region.id(),
          file.range.end(),
          file.piece.lengthBytes(),
          clock.nowMs() - file.openedAtMs);
      file.close();
    }
  }
}
