package io.sluice.sync.receiver;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameDecoder;
import io.sluice.common.sync.frame.FrameEncoder;
import io.sluice.common.sync.frame.LargeFrames;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.receiver.net.ReceiverConnection;
import io.sluice.sync.receiver.net.SessionHost;
import io.sluice.sync.receiver.port.PieceSplitter;
import io.sluice.sync.receiver.port.SenderUsers;
import io.sluice.sync.receiver.port.TargetCluster;
import io.sluice.sync.receiver.staging.StagingArea;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in what other clusters' senders ship. Composition root of this module: the host's server
 * hands it connections that start with {@link io.sluice.common.sync.frame.Opening#MAGIC}.
 * Thread-safe.
 */
public final class SyncReceiver implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");
  private static final long CLOSE_WAIT_MS = 5_000;

  /** HELLOs of senders whose region has changed leaders thousands of times: 1 MiB each at most. */
  private static final int LARGE_FRAMES_MAX = 32;

  private final SyncReceiverOptions options;
  private final ExecutorService workers;
  private final SessionHost host;
  private final LargeFrames largeFrames = new LargeFrames(LARGE_FRAMES_MAX);
  private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicInteger connections = new AtomicInteger();
  private final RefusalLog refusals;
  private volatile WhiteList whiteList;
  private volatile boolean closing;

  /**
   * @param users in whose names senders may come
   * @param stagingFolder this receiver's own; files of an earlier run in it are resumed
   * @throws IOException when the staging folder cannot be made or read
   */
  public SyncReceiver(
      SyncReceiverOptions options,
      WhiteList whiteList,
      Path stagingFolder,
      TargetCluster cluster,
      PieceSplitter splitter,
      SenderUsers users,
      MonotonicClock clock)
      throws IOException {
    this.options = options;
    this.whiteList = whiteList;
    this.refusals = new RefusalLog(clock);
    StagingArea staging = StagingArea.open(stagingFolder, options.stagingBytesMax());
    AtomicInteger threads = new AtomicInteger();
    this.workers =
        Executors.newFixedThreadPool(
            options.workers(),
            task -> {
              Thread thread = new Thread(task, "sync-receiver-" + threads.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    SecureRandom random = new SecureRandom();
    this.host =
        new SessionHost(
            options,
            cluster,
            splitter,
            staging,
            workers,
            clock,
            () -> Math.max(1, random.nextLong() >>> 1),
            users);
  }

  /**
   * Makes {@code pipeline} speak the sync protocol, from the sender's first byte on: adds handlers
   * at its end. Call on the channel's event loop.
   */
  public void install(ChannelPipeline pipeline) {
    pipeline.addLast(
        new IdleStateHandler(options.silenceMsMax(), 0, 0, TimeUnit.MILLISECONDS),
        new FrameDecoder(true, largeFrames),
        new FrameEncoder(),
        new ReceiverConnection(host, new Door()));
  }

  /**
   * Takes effect at once: connections that are no longer allowed are told so and closed; what is
   * being applied for them is finished.
   */
  public void replaceWhiteList(WhiteList replacement) {
    whiteList = replacement;
    refusals.forgetAll();
    for (Channel channel : channels) {
      InetSocketAddress sender = (InetSocketAddress) channel.remoteAddress();
      if (sender != null && !replacement.allows(sender.getAddress())) {
        channel.pipeline().fireUserEventTriggered(notListed(sender));
      }
    }
  }

  /** Whether a sender that comes from this address, as it is written, would be refused. */
  public boolean refuses(String address) {
    return !whiteList.allows(address);
  }

  private static Frame.Refused notListed(InetSocketAddress sender) {
    return new Frame.Refused(
        Refusal.WHITE_LIST,
        sender.getAddress().getHostAddress() + " is not on the receiver's white list");
  }

  /** Connections of senders now. */
  public int connections() {
    return connections.get();
  }

  /** Declared bytes of files on their way in. */
  public long stagingBytes() {
    return host.staging().reservedBytes();
  }

  /** Ends all sessions; what they hold stays in staging. Waits a bounded time for loads. */
  @Override
  public void close() {
    closing = true;
    // an event loop that ends closes its own channels, and takes no more tasks
    channels
        .close(channel -> !channel.eventLoop().isShuttingDown())
        .awaitUninterruptibly(CLOSE_WAIT_MS);
    workers.shutdown();
    try {
      if (!workers.awaitTermination(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("loads still run while the receiver closes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Door implements ReceiverConnection.Admission {
    @Override
    public Frame.Refused admit(Channel channel, InetSocketAddress sender) {
      if (!whiteList.allows(sender.getAddress())) {
        return notListed(sender);
      }
      if (closing) {
        return new Frame.Refused(Refusal.STOPPING, "the receiver is stopping");
      }
      if (connections.incrementAndGet() > options.connectionsMax()) {
        connections.decrementAndGet();
        return new Frame.Refused(
            Refusal.TOO_MANY_CONNECTIONS, options.connectionsMax() + " senders are connected");
      }
      channels.add(channel);
      if (!whiteList.allows(sender.getAddress())) {
        // The list changed in between, perhaps before this channel was among those looked at.
        channels.remove(channel);
        connections.decrementAndGet();
        return notListed(sender);
      }
      return null;
    }

    @Override
    public boolean isNews(Frame.Refused refused) {
      return refusals.isNews(refused.text());
    }

    @Override
    public void left(Channel channel) {
      connections.decrementAndGet();
    }
  }
}
