package io.sluice.sync.sender.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameEncoder;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.sender.SinkCredentials;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.FeedEvent;
import java.io.IOException;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of its own over which one caller asks a receiver what it holds, question by
 * question. Calls block; one thread at a time.
 */
public final class DigestLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sync.sender");

  private static final int HEARD_MAX = 16;

  /** For the answer to one question, of a receiver that is busy too. */
  private static final long ANSWER_MS_MAX = 60_000;

  private static final long BUSY_PAUSE_MS = 200;

  private final EventLoop loop;
  private final Frame.Address address;
  private final SyncSenderOptions options;
  private final MonotonicClock clock;
  private final FeedConnection connection;

  /** At most one answer is due at a time; a receiver that says more is cut off. */
  private final BlockingQueue<FeedEvent> heard = new LinkedBlockingQueue<>(HEARD_MAX);

  /** When anything was heard last, if only that the receiver is there. */
  private volatile long heardAtMs;

  private ScheduledFuture<?> pings;
  private UUID receiver;
  private boolean mends;

  /** Of questions and answers, both ways. */
  private long exchangedBytes;

  private DigestLink(
      EventLoop loop, Frame.Address address, SyncSenderOptions options, MonotonicClock clock) {
    this.loop = loop;
    this.address = address;
    this.options = options;
    this.clock = clock;
    this.connection = new FeedConnection(this::hear);
  }

  /**
   * Connects, as a feed does.
   *
   * @param credentials null: the receiver's white list alone decides
   * @param slow runs what takes tens of milliseconds
   * @throws IOException saying why it is of no use: unreachable, refused, or of a version that
   *     cannot compare
   */
  public static DigestLink open(
      EventLoop loop,
      Frame.Address address,
      SinkCredentials credentials,
      Executor slow,
      SyncSenderOptions options,
      MonotonicClock clock)
      throws IOException {
    DigestLink link = new DigestLink(loop, address, options, clock);
    try {
      link.connect(credentials, slow);
      return link;
    } catch (IOException e) {
      link.close();
      throw e;
    }
  }

  private void connect(SinkCredentials credentials, Executor slow) throws IOException {
    CredentialsExchange exchange =
        credentials == null ? null : new CredentialsExchange(credentials, slow);
    loop.execute(
        () -> connection.connect(loop, address, Math.toIntExact(options.connectMsMax()), exchange));
    // The proof of a password takes a while at both ends.
    Frame said = next(2 * options.connectMsMax(), 2 * options.connectMsMax());
    if (!(said instanceof Frame.Greeting greeting)) {
      throw new IOException(named() + " did not greet");
    }
    if (greeting.version() < Opening.VERSION_DIGESTS) {
      throw new IOException(
          named()
              + " speaks sync protocol "
              + greeting.version()
              + ", which cannot compare: bring it up to date");
    }
    receiver = greeting.clusterId();
    mends = greeting.version() >= Opening.VERSION_MENDS;
    pings =
        loop.scheduleWithFixedDelay(
            () -> connection.send(new Frame.Ping(0)),
            options.heartbeatMs(),
            options.heartbeatMs(),
            TimeUnit.MILLISECONDS);
  }

  /** On the loop. */
  private void hear(FeedEvent event) {
    heardAtMs = clock.nowMs();
    boolean matters =
        event instanceof FeedEvent.Lost
            || event instanceof FeedEvent.Received received
                && !(received.frame() instanceof Frame.Pong);
    if (matters && !heard.offer(event)) {
      connection.close();
    }
  }

  /** What is said next; a receiver that hangs says nothing at all. */
  private Frame next(long waitMsMax, long silenceMsMax) throws IOException {
    long sinceMs = clock.nowMs();
    heardAtMs = sinceMs;
    while (true) {
      long leftMs = Math.min(sinceMs + waitMsMax, heardAtMs + silenceMsMax) - clock.nowMs();
      if (leftMs <= 0) {
        throw new LinkLostException(
            named() + " has not answered for " + (clock.nowMs() - sinceMs) + " ms");
      }
      FeedEvent event = poll(leftMs);
      if (event != null) {
        return frame(event);
      }
    }
  }

  private FeedEvent poll(long waitMsMax) throws IOException {
    try {
      return heard.poll(waitMsMax, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("this node is closing", e);
    }
  }

  private Frame frame(FeedEvent event) throws IOException {
    if (event instanceof FeedEvent.Lost lost) {
      throw new LinkLostException("connection to " + named() + " lost: " + lost.text());
    }
    Frame frame = ((FeedEvent.Received) event).frame();
    if (frame instanceof Frame.Refused refused) {
      String text = named() + " refuses: " + refused.text();
      throw switch (refused.code()) {
        case UNAVAILABLE, STOPPING, TOO_MANY_CONNECTIONS -> new LinkLostException(text);
        default -> new IOException(text);
      };
    }
    return frame;
  }

  /**
   * Asks, again and again while the receiver is busy.
   *
   * @param answer what kind of answer is due
   * @throws LinkLostException when none comes for a minute, or the connection is lost
   * @throws IOException when another one comes
   */
  <T extends Frame> T ask(Frame.FromSender question, Class<T> answer) throws IOException {
    long deadlineMs = clock.nowMs() + ANSWER_MS_MAX;
    while (true) {
      connection.send(question);
      Frame said = next(ANSWER_MS_MAX, options.silenceMsMax());
      exchangedBytes += FrameEncoder.lengthBytes(question) + FrameEncoder.lengthBytes(said);
      if (answer.isInstance(said)) {
        return answer.cast(said);
      }
      if (!(said instanceof Frame.Wait)) {
        throw new IOException(named() + " answers with " + said.getClass().getSimpleName());
      }
      if (clock.nowMs() >= deadlineMs) {
        throw new LinkLostException(named() + " compares with others, try again later");
      }
      pause();
    }
  }

  private void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(BUSY_PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("this node is closing", e);
    }
  }

  /** Whether the receiver knows how its rotten files are had from here. */
  public boolean mends() {
    return mends;
  }

  /** The cluster at the other end. */
  UUID receiver() {
    return receiver;
  }

  /** {@code host:port} of the receiver. */
  String named() {
    return address.host() + ":" + address.port();
  }

  /** Of questions and answers, both ways. */
  long exchangedBytes() {
    return exchangedBytes;
  }

  @Override
  public void close() {
    try {
      loop.execute(
          () -> {
            if (pings != null) {
              pings.cancel(false);
            }
            connection.close();
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("the loop has ended, and its connections with it", e);
    }
  }
}
