package io.sluice.datanode.rpc;

import io.netty.channel.Channel;
import java.util.function.Consumer;

/** What else than client calls may arrive on the client port. */
public sealed interface ProtocolSwitch {

  /**
   * A connection whose first four bytes, big-endian, are {@code magic} is another cluster's sender:
   * {@code attach} adds its handlers to the channel's pipeline, on the channel's event loop, and
   * then sees the stream from its first byte, the magic included.
   */
  record Sync(int magic, Consumer<Channel> attach) implements ProtocolSwitch {}

  /** Client calls only. */
  record None() implements ProtocolSwitch {}
}
