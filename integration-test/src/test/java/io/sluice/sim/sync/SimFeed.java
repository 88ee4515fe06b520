package io.sluice.sim.sync;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameDecoder;
import io.sluice.common.sync.frame.FrameEncoder;
import io.sluice.common.sync.frame.Opening;
import io.sluice.sim.SimWorld;
import io.sluice.sim.sync.SendingRegion.Ready;
import io.sluice.sync.sender.SyncSenderOptions;
import io.sluice.sync.sender.core.FeedCore;
import io.sluice.sync.sender.core.FeedEffect;
import io.sluice.sync.sender.core.FeedEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Carries out what the production core of a feed wants, over cables. */
final class SimFeed {
  private static final long TICK_MS = 100;
  private static final Frame.Address SINK = new Frame.Address("cloud-0", 6667);

  final FeedCore core;
  final long pipeNumber;
  private final SendingCluster edge;
  private final SimWorld<SyncFault> world;
  private final Map<Long, Ready> files = new HashMap<>();

  /** What it ships: the region itself, or, once deposed, the region as it was then. */
  private SendingRegion region;

  private Cable cable;
  private EmbeddedChannel decoder;
  private boolean closed;

  SimFeed(SendingCluster edge, SendingRegion region, long pipeNumber) {
    this.edge = edge;
    this.world = edge.world;
    this.region = region;
    this.pipeNumber = pipeNumber;
    int window = 1 + world.random.nextInt(8);
    var options = new SyncSenderOptions(5, 200, 5_000, 2_000, 3_000, 5_000, 10_000, window, 1, 1);
    this.core = new FeedCore(options, edge.source.regionId(), SINK);
    tick();
  }

  private void tick() {
    if (!closed) {
      step(new FeedEvent.Tick());
      world.after(TICK_MS, this::tick);
    }
  }

  /** It does not know that another leads now. */
  void depose() {
    region = region.copy();
  }

  SendingRegion region() {
    return region;
  }

  void post(FeedEvent event) {
    world.after(0, () -> step(event));
  }

  void close() {
    closed = true;
    disconnect();
  }

  private void step(FeedEvent event) {
    if (closed) {
      return;
    }
    world.trace(() -> this + " " + event);
    for (FeedEffect effect : core.step(event, world.nowMs())) {
      if (edge.dies()) {
        return;
      }
      world.trace(() -> this + "   " + effect);
      carryOut(effect);
    }
  }

  private void carryOut(FeedEffect effect) {
    if (effect instanceof FeedEffect.Connect connect) {
      cable = new Cable(edge, this, edge.cloud.node(connect.address()));
      cable.connect();
    } else if (effect instanceof FeedEffect.Disconnect) {
      disconnect();
    } else if (effect instanceof FeedEffect.Send send) {
      send(send.frame());
    } else if (effect instanceof FeedEffect.SendHello) {
      send(edge.hello(this));
    } else if (effect instanceof FeedEffect.SendNotice notice) {
      send(new Frame.Notice(edge.source, pipeNumber, SendingCluster.DATABASE, notice.what()));
    } else if (effect instanceof FeedEffect.Claim claim) {
      post(new FeedEvent.Claimed(claim.clusterId(), null));
    } else if (effect instanceof FeedEffect.OpenNext open) {
      world.after(world.between(0, 10), () -> open(open));
    } else if (effect instanceof FeedEffect.Stream stream) {
      stream(cable, stream.token(), (int) stream.offset());
    } else if (effect instanceof FeedEffect.Release released) {
      files.remove(released.token());
    } else if (effect instanceof FeedEffect.SealSoon) {
      world.after(world.between(1, 300), () -> edge.seal(this));
    } else if (effect instanceof FeedEffect.Probe probe) {
      probe(probe.address());
    } else if (effect instanceof FeedEffect.Finished) {
      edge.finished(this);
    } else if (effect instanceof FeedEffect.HoldBack hold) {
      world.count(SyncFault.SERIES_REFUSED);
      world.after(world.between(1, 40), () -> step(edge.holdBack(this, hold)));
    }
  }

  private void probe(Frame.Address address) {
    ReceivingNode node = edge.cloud.node(address);
    world.after(
        world.between(1, 200),
        () -> step(new FeedEvent.Probed(address, node.up() ? edge.cloud.id : null, "down")));
  }

  // ---------------------------------------------------------------- the connection

  private void send(Frame.FromSender frame) {
    ByteBuf bytes = Unpooled.buffer();
    try {
      FrameEncoder.write(frame, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cable.toReceiver(ByteBufUtil.getBytes(bytes), false);
  }

  void connected(Cable from) {
    if (from == cable) {
      decoder = new EmbeddedChannel(new FrameDecoder(false));
      ByteBuf opening = Unpooled.buffer();
      FrameEncoder.write(Opening.OURS, opening);
      cable.toReceiver(ByteBufUtil.getBytes(opening), false);
      step(new FeedEvent.Connected());
    }
  }

  void received(Cable from, byte[] bytes) {
    if (from != cable || closed) {
      return;
    }
    decoder.writeInbound(Unpooled.wrappedBuffer(bytes));
    for (Object frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
      step(new FeedEvent.Received((Frame.FromReceiver) frame));
      if (from != cable) {
        return;
      }
    }
  }

  void lost(Cable from, String text) {
    if (from == cable) {
      step(new FeedEvent.Lost(text));
    }
  }

  private void disconnect() {
    if (cable != null) {
      cable.senderClosed();
      cable = null;
    }
    files.clear();
  }

  // ---------------------------------------------------------------- ranges

  private void open(FeedEffect.OpenNext wanted) {
    long token = wanted.token();
    long lastDataIndex = region.lastDataIndex();
    Optional<Ready> next = region.openNextAfter(wanted.index(), pipeNumber, edge.deletions);
    if (next.isEmpty()) {
      step(new FeedEvent.NoRange(token, lastDataIndex));
      return;
    }
    Ready range = next.get();
    long lineage = region.lineage().numberAt(range.end());
    if (range.content().length == 0) {
      step(new FeedEvent.OpenedEmpty(token, range.start(), range.end(), lineage, range.cutBy()));
      return;
    }
    files.put(token, range);
    step(
        new FeedEvent.Opened(
            token,
            range.start(),
            range.end(),
            lineage,
            range.cutBy(),
            Route.HERE,
            range.content().length,
            Crc.of(range.content()),
            range.kind()));
  }

  private void stream(Cable over, long token, int offset) {
    Ready range = files.get(token);
    if (over != cable || range == null) {
      return;
    }
    int length = Math.min(1 + world.random.nextInt(64), range.content().length - offset);
    byte[] content = Arrays.copyOfRange(range.content(), offset, offset + length);
    send(new Frame.Chunk(range.end(), offset, length, Crc.of(content)));
    over.toReceiver(content, true);
    int next = offset + length;
    world.after(
        world.between(0, 20),
        () -> {
          if (over != cable) {
            return;
          }
          step(new FeedEvent.Sent(length));
          if (next < range.content().length) {
            stream(over, token, next);
          } else {
            step(new FeedEvent.Streamed(token));
          }
        });
  }

  @Override
  public String toString() {
    return "feed of pipe " + pipeNumber;
  }
}
