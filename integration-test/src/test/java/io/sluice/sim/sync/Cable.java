package io.sluice.sim.sync;

import io.netty.buffer.Unpooled;
import io.netty.handler.timeout.IdleStateEvent;
import io.sluice.sim.SimWorld;
import java.util.Arrays;

/**
 * One connection between a feed and a node of the receiver: bytes in order each way, cut up
 * anywhere, late, never there, or ending in the middle.
 */
final class Cable {
  private static final long SILENCE_MS_MAX = 30_000;

  final SimFeed feed;

  /** What {@link SyncTruth} knew when it began. */
  final long age;

  private final SimWorld<SyncFault> world;
  private final ReceivingNode node;
  private final SendingCluster edge;
  private final long number;
  private final long latencyMs;
  private final Wire up = new Wire();
  private final Wire down = new Wire();

  private ReceiverChannel channel;
  private long life = -1;
  private boolean senderGone;
  private long heardAtMs;

  /** One way. */
  private final class Wire {
    private long sentBytes;
    private long cutAtBytes = Long.MAX_VALUE;
    private boolean drops;
    private boolean ended;
    private long lastArrivalMs;

    /** When the next bytes are there. */
    long arrivalMs() {
      long delayMs = latencyMs + world.between(0, 5);
      if (world.strikes(SyncFault.BYTES_DELAYED, 0.01)) {
        delayMs += world.between(100, 7_000);
      }
      lastArrivalMs = Math.max(lastArrivalMs, world.nowMs() + delayMs);
      return lastArrivalMs;
    }
  }

  Cable(SendingCluster edge, SimFeed feed, ReceivingNode node) {
    this.edge = edge;
    this.feed = feed;
    this.node = node;
    this.world = edge.world;
    this.age = edge.truth.age();
    this.number = edge.nextCable();
    this.latencyMs = world.between(1, world.random.nextInt(5) == 0 ? 600 : 20);
    if (!world.calm && world.random.nextInt(6) == 0) {
      Wire wire = world.random.nextInt(3) == 0 ? down : up;
      wire.cutAtBytes = world.random.nextInt(wire == up ? 1_500 : 300);
    }
  }

  /** Asks for it. */
  void connect() {
    world.after(
        latencyMs,
        () -> {
          if (senderGone) {
            return;
          }
          if (node.up()) {
            node.accept(this);
            feed.connected(this);
          } else {
            lost("refused");
          }
        });
  }

  void accepted(ReceiverChannel made, long lifeOfNode) {
    channel = made;
    life = lifeOfNode;
    heardAtMs = world.nowMs();
    watchSilence();
  }

  private void watchSilence() {
    node.after(
        5_000,
        () -> {
          if (channel.isOpen()) {
            if (world.nowMs() - heardAtMs >= SILENCE_MS_MAX) {
              channel.pipeline().fireUserEventTriggered(IdleStateEvent.READER_IDLE_STATE_EVENT);
            }
            watchSilence();
          }
        });
  }

  // ---------------------------------------------------------------- bytes

  /**
   * @param content of a file, not a frame
   */
  void toReceiver(byte[] bytes, boolean content) {
    if (senderGone || !passes(up, bytes.length)) {
      return;
    }
    int length = uncut(up, bytes.length);
    for (int at = 0; at < length; ) {
      int next = world.random.nextInt(4) == 0 ? at + 1 + world.random.nextInt(length - at) : length;
      byte[] part = Arrays.copyOfRange(bytes, at, next);
      world.after(up.arrivalMs() - world.nowMs(), () -> arriveUp(part));
      at = next;
    }
    if (length < bytes.length) {
      if (content) {
        world.count(SyncFault.CUT_WITHIN_CONTENT);
      }
      cut();
    }
  }

  private void arriveUp(byte[] bytes) {
    if (channel == null || node.life() != life || !channel.isOpen()) {
      return;
    }
    if (!channel.config().isAutoRead()) {
      world.after(20, () -> arriveUp(bytes));
      return;
    }
    heardAtMs = world.nowMs();
    if (edge.arrives(number)) {
      world.count(SyncFault.CONNECTIONS_OVERTAKE);
    }
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
  }

  void toSender(byte[] bytes) {
    if (!passes(down, bytes.length)) {
      return;
    }
    int length = uncut(down, bytes.length);
    if (length > 0) {
      byte[] part = Arrays.copyOf(bytes, length);
      world.after(
          down.arrivalMs() - world.nowMs(),
          () -> {
            if (!senderGone) {
              feed.received(this, part);
            }
          });
    }
    if (length < bytes.length) {
      cut();
    }
  }

  private boolean passes(Wire wire, int bytes) {
    if (wire.ended) {
      return false;
    }
    if (!wire.drops && world.strikes(SyncFault.BYTES_DROPPED, 0.002)) {
      // Of a connection: what is lost once, the rest never makes good for.
      wire.drops = true;
    }
    if (wire.drops) {
      return false;
    }
    wire.sentBytes += bytes;
    return true;
  }

  private static int uncut(Wire wire, int bytes) {
    return (int) Math.max(0, Math.min(bytes, bytes - (wire.sentBytes - wire.cutAtBytes)));
  }

  // ---------------------------------------------------------------- ends

  private void cut() {
    world.count(SyncFault.CUT_AT_A_BYTE);
    up.ended = true;
    down.ended = true;
    endUp();
    endDown();
  }

  /** The receiver learns that nothing more comes: after all that does, and perhaps much later. */
  private void endUp() {
    up.ended = true;
    long delayMs = world.random.nextInt(8) == 0 ? world.between(1_000, 20_000) : 0;
    world.after(
        up.arrivalMs() - world.nowMs() + delayMs,
        () -> {
          if (channel != null && node.life() == life && channel.isOpen()) {
            channel.close();
          }
        });
  }

  private void endDown() {
    down.ended = true;
    world.after(down.arrivalMs() - world.nowMs(), () -> lost("cut"));
  }

  private void lost(String text) {
    if (!senderGone) {
      feed.lost(this, text);
    }
  }

  /** The receiver says no more. */
  void endToSender() {
    if (!down.ended) {
      endDown();
    }
  }

  void receiverClosed() {
    node.gone(this);
    endToSender();
  }

  /** With its machine: whoever is left may hear of it, or nothing at all. */
  void receiverDied() {
    up.ended = true;
    if (world.random.nextBoolean()) {
      endToSender();
    } else {
      down.ended = true;
    }
  }

  /** Closed by the sender, or with its machine. */
  void senderClosed() {
    if (!senderGone) {
      senderGone = true;
      if (!up.ended) {
        endUp();
      }
    }
  }
}
