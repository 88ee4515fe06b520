package io.sluice.sim.sync;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameDecoder;
import io.sluice.common.sync.frame.FrameEncoder;
import io.sluice.sim.SimWorld;
import io.sluice.sim.sync.disk.SimDisk;
import io.sluice.sync.receiver.SyncReceiverOptions;
import io.sluice.sync.receiver.net.ReceiverConnection;
import io.sluice.sync.receiver.net.SessionHost;
import io.sluice.sync.receiver.port.SenderUsers;
import io.sluice.sync.receiver.staging.StagingArea;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A DataNode of the receiver: production from the connection down to the staging area. */
final class ReceivingNode {
  private static final long DOWN_MS_MAX = 6_000;

  final Frame.Address address;
  final SimDisk disk;
  private final ReceivingCluster cluster;
  private final SimWorld<SyncFault> world;
  private final SyncReceiverOptions options;
  private final List<Cable> cables = new ArrayList<>();

  /** Null while it is down. */
  private SessionHost host;

  /** What was asked for before a crash happens no more. */
  private long life;

  private long parts;

  ReceivingNode(ReceivingCluster cluster, int number) {
    this.cluster = cluster;
    this.world = cluster.world;
    this.address = new Frame.Address("cloud-" + number, 6667);
    this.disk = new SimDisk(this::effect);
    // Sometimes hardly any room for files on their way.
    long stagingBytesMax = world.random.nextInt(4) == 0 ? 600 : 1 << 20;
    this.options = new SyncReceiverOptions(100, stagingBytesMax, 1, 30_000, 1_000, 8_000);
    start();
  }

  /** No name is ever used twice. */
  long nextPart() {
    return ++parts;
  }

  boolean up() {
    return host != null;
  }

  private void start() {
    try {
      NodeTargets targets = new NodeTargets(cluster, this);
      host =
          new SessionHost(
              options,
              targets,
              targets,
              StagingArea.open(disk.folder(), options.stagingBytesMax()),
              task -> after(world.between(0, 3), task),
              world::nowMs,
              () -> Math.max(1, world.random.nextLong() >>> 1),
              SenderUsers.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Something becomes of what it does; it may die before that. */
  void effect() {
    if (host != null && world.strikes(SyncFault.RECEIVER_CRASH, 0.0008)) {
      crash();
      throw new SimCrash();
    }
  }

  /** Whoever calls waits, and the rest of the world goes on. */
  void waitFor(long ms) {
    long before = life;
    world.runUntil(world.nowMs() + ms);
    if (life != before) {
      throw new SimCrash();
    }
  }

  /** Does it unless the machine has died by then. */
  void after(long delayMs, Runnable task) {
    long then = life;
    world.after(
        delayMs,
        () -> {
          if (life == then) {
            guarded(task);
          }
        });
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (SimCrash died) {
      world.trace(() -> address.host() + " is dead");
    }
  }

  void crash() {
    life++;
    host = null;
    if (disk.crash(world.random)) {
      world.count(SyncFault.RECEIVER_UNSYNCED_LOST);
    }
    world.trace(() -> address.host() + " crashes");
    List.copyOf(cables).forEach(Cable::receiverDied);
    cables.clear();
    after(world.between(100, DOWN_MS_MAX), () -> guarded(this::start));
  }

  /** A sender's connection has come in. */
  void accept(Cable cable) {
    cables.add(cable);
    ReceiverChannel channel =
        new ReceiverChannel(cable, new FrameDecoder(true), new FrameEncoder(), new Listener(cable));
    channel.pipeline().addLast(new ReceiverConnection(host, new OpenDoor()));
    cable.accepted(channel, life);
    pump(channel);
  }

  long life() {
    return life;
  }

  /** Time passes for the connection. */
  private void pump(ReceiverChannel channel) {
    after(
        125,
        () -> {
          if (channel.isOpen()) {
            channel.timePasses(125);
            pump(channel);
          }
        });
  }

  void gone(Cable cable) {
    cables.remove(cable);
  }

  /** Hears what the receiver says when it says it. */
  private final class Listener extends ChannelOutboundHandlerAdapter {
    private final Cable cable;
    private long session;

    Listener(Cable cable) {
      this.cable = cable;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise)
        throws Exception {
      if (message instanceof Frame.Welcome welcome) {
        session = welcome.session();
      } else if (message instanceof Frame.Applied applied) {
        cluster.truth.reported(cable, session, applied.end());
      } else if (message instanceof Frame.Refused refused) {
        cluster.truth.refused(refused);
      }
      super.write(context, message, promise);
    }
  }

  /** Everybody may come in. */
  private static final class OpenDoor implements ReceiverConnection.Admission {
    @Override
    public Frame.Refused admit(Channel channel, InetSocketAddress sender) {
      return null;
    }

    @Override
    public boolean isNews(Frame.Refused refused) {
      return false;
    }

    @Override
    public void left(Channel channel) {
      // Nobody counts.
    }
  }
}
