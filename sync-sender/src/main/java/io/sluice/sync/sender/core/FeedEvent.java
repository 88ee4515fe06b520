package io.sluice.sync.sender.core;

import io.sluice.common.sync.Route;
import io.sluice.common.sync.frame.Frame;
import java.util.List;
import java.util.UUID;

/** What happens to a feed. */
public sealed interface FeedEvent {
  /** START, or the pipe was running when this node began to lead the region. */
  record Run() implements FeedEvent {}

  /** STOP: the receiver is told. */
  record Stop() implements FeedEvent {}

  /** DROP: the receiver is told to forget. */
  record Drop() implements FeedEvent {}

  record Connected() implements FeedEvent {}

  /** Could not connect, or the connection ended. */
  record Lost(String text) implements FeedEvent {}

  record Received(Frame.FromReceiver frame) implements FeedEvent {}

  /**
   * Answer to {@link FeedEffect.Claim}; the other is Unsettled.
   *
   * @param otherPipe the pipe that feeds that cluster from this region; null: the claim is ours
   */
  record Claimed(UUID clusterId, String otherPipe) implements FeedEvent {}

  /**
   * Answer to {@link FeedEffect.Claim}: an older pipe has not found its receiver yet; ask again
   * soon.
   */
  record Unsettled() implements FeedEvent {}

  /** Another feed of the same sink was told who receives; may come once, at the beginning. */
  record Learned(UUID clusterId, List<Frame.Address> receivers) implements FeedEvent {}

  /**
   * Answer to {@link FeedEffect.Probe}.
   *
   * @param clusterId of the node that answers there; null: none does, or it lets nobody in
   * @param text why not
   */
  record Probed(Frame.Address address, UUID clusterId, String text) implements FeedEvent {}

  /**
   * A range is ready to ship.
   *
   * @param token of the {@link FeedEffect.OpenNext}
   * @param via see {@link io.sluice.sync.sender.port.ReadyRange#via}
   * @param cutBy see {@link io.sluice.sync.sender.port.ReadyRange#cutBy}
   */
  record Opened(
      long token,
      long start,
      long end,
      long lineage,
      long cutBy,
      Route via,
      long lengthBytes,
      int crc32c,
      Frame.Content content)
      implements FeedEvent {}

  /** A range has nothing to ship. */
  record OpenedEmpty(long token, long start, long end, long lineage, long cutBy)
      implements FeedEvent {}

  /** There is no further durable range. */
  record NoRange(long token, long lastDataIndex) implements FeedEvent {}

  record OpenFailed(long token, String text) implements FeedEvent {}

  /**
   * Answer to {@link FeedEffect.HoldBack}: it is written down.
   *
   * @param fresh how many of the series were not held back before
   */
  record HeldBack(int fresh) implements FeedEvent {}

  /** Answer to {@link FeedEffect.HoldBack}: it is not known to be written down. */
  record HoldFailed(String text) implements FeedEvent {}

  /** So many series are held back now. */
  record Holding(int series) implements FeedEvent {}

  /** So many more bytes of a file are in the socket. */
  record Sent(long bytes) implements FeedEvent {}

  /** All bytes of the file are in the socket. */
  record Streamed(long token) implements FeedEvent {}

  /** The region's log went on, or more of it became durable. */
  record Advanced() implements FeedEvent {}

  /** Time passes. */
  record Tick() implements FeedEvent {}
}
