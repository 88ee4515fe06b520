package io.sluice.sync.sender.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameEncoder;
import io.sluice.common.sync.frame.Opening;
import io.sluice.sync.sender.SinkCredentials;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.FeedEvent;
import java.io.IOException;
import java.util.List;
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
  private final FeedConnection connection;

  /** At most one answer is due at a time; a receiver that says more is cut off. */
  private final BlockingQueue<FeedEvent> heard = new LinkedBlockingQueue<>(HEARD_MAX);

  private ScheduledFuture<?> pings;
  private UUID receiver;

  /** Of questions and answers, both ways. */
  private long exchangedBytes;

  private DigestLink(EventLoop loop, Frame.Address address) {
    this.loop = loop;
    this.address = address;
    this.connection = new FeedConnection(this::hear);
  }

  /**
   * Connects to the first of these addresses that answers, as a feed does.
   *
   * @param credentials null: the receiver's white list alone decides
   * @param slow runs what takes tens of milliseconds
   * @throws IOException saying why none is of use: unreachable, refused, or of a version that
   *     cannot compare
   */
  public static DigestLink open(
      EventLoop loop,
      List<Frame.Address> addresses,
      SinkCredentials credentials,
      Executor slow,
      SyncSenderOptions options)
      throws IOException {
    IOException first = null;
    for (Frame.Address address : addresses) {
      DigestLink link = new DigestLink(loop, address);
      try {
        link.connect(credentials, slow, options);
        return link;
      } catch (IOException e) {
        link.close();
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    throw first == null ? new IOException("no receiver is known") : first;
  }

  private void connect(SinkCredentials credentials, Executor slow, SyncSenderOptions options)
      throws IOException {
    CredentialsExchange exchange =
        credentials == null ? null : new CredentialsExchange(credentials, slow);
    loop.execute(
        () -> connection.connect(loop, address, Math.toIntExact(options.connectMsMax()), exchange));
    // The proof of a password takes a while at both ends.
    Frame said = next(2 * options.connectMsMax());
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
    pings =
        loop.scheduleWithFixedDelay(
            () -> connection.send(new Frame.Ping(0)),
            options.heartbeatMs(),
            options.heartbeatMs(),
            TimeUnit.MILLISECONDS);
  }

  /** On the loop. */
  private void hear(FeedEvent event) {
    boolean matters =
        event instanceof FeedEvent.Lost
            || event instanceof FeedEvent.Received received
                && !(received.frame() instanceof Frame.Pong);
    if (matters && !heard.offer(event)) {
      connection.close();
    }
  }

  /** Waits while the receiver says that it is busy. */
  private Frame next(long waitMsMax) throws IOException {
    FeedEvent event;
    try {
      event = heard.poll(waitMsMax, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("this node is closing", e);
    }
    if (event == null) {
      throw new IOException(named() + " has not answered for " + waitMsMax + " ms");
    }
    if (event instanceof FeedEvent.Lost lost) {
      throw new IOException("connection to " + named() + " lost: " + lost.text());
    }
    Frame frame = ((FeedEvent.Received) event).frame();
    if (frame instanceof Frame.Refused refused) {
      throw new IOException(named() + " refuses: " + refused.text());
    }
    return frame;
  }

  /**
   * Asks, again and again while the receiver is busy.
   *
   * @param answer what kind of answer is due
   * @throws IOException when none comes, or another one
   */
  public <T extends Frame> T ask(Frame.FromSender question, Class<T> answer) throws IOException {
    long busyMs = 0;
    while (true) {
      connection.send(question);
      Frame said = next(ANSWER_MS_MAX);
      exchangedBytes += FrameEncoder.lengthBytes(question) + FrameEncoder.lengthBytes(said);
      if (answer.isInstance(said)) {
        return answer.cast(said);
      }
      if (!(said instanceof Frame.Wait) || busyMs >= ANSWER_MS_MAX) {
        throw new IOException(
            named()
                + (said instanceof Frame.Wait
                    ? " compares with others, try again later"
                    : " answers with " + said.getClass().getSimpleName()));
      }
      busyMs += BUSY_PAUSE_MS;
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

  /** The cluster at the other end. */
  public UUID receiver() {
    return receiver;
  }

  /** {@code host:port} of the receiver. */
  public String named() {
    return address.host() + ":" + address.port();
  }

  /** Of questions and answers, both ways. */
  public long exchangedBytes() {
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
