package io.sluice.sync.sender.core;

import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.frame.Frame;
import java.util.List;
import java.util.UUID;

/** What a feed wants done. */
public sealed interface FeedEffect {
  /** Connect; answered by Connected or Lost. */
  record Connect(Frame.Address address) implements FeedEffect {}

  /** Close the connection and let go of all open files; not answered. */
  record Disconnect() implements FeedEffect {}

  /** See over a connection of its own who is there; answered by Probed. Disconnect ends it too. */
  record Probe(Frame.Address address) implements FeedEffect {}

  /** The receiver named its nodes: later feeds of the same sink may know. */
  record Learned(UUID clusterId, List<Frame.Address> receivers) implements FeedEffect {}

  /** Send HELLO with the region's lineage and log end as they are now. */
  record SendHello() implements FeedEffect {}

  record Send(Frame.FromSender frame) implements FeedEffect {}

  /** Say stop or drop for this feed's source. */
  record SendNotice(Frame.Notice.What what) implements FeedEffect {}

  /** See whether this pipe may feed that cluster; answered by Claimed or Unsettled. */
  record Claim(UUID clusterId) implements FeedEffect {}

  /** A newer pipe has fed that cluster: this one claims it no more. */
  record GiveWay() implements FeedEffect {}

  /** Open the first range that ends above {@code index}; answered with the same token. */
  record OpenNext(long token, long index) implements FeedEffect {}

  /** Send the file's content from {@code offset} on; answered by Streamed. */
  record Stream(long token, long offset) implements FeedEffect {}

  /** The file is not needed any more. */
  record Release(long token) implements FeedEffect {}

  /** Rows wait in the region's memory. */
  record SealSoon() implements FeedEffect {}

  /**
   * Write down that this pipe sends the region without these series from the range that ends at
   * {@code sinceIndex} on; answered by HeldBack or HoldFailed.
   */
  record HoldBack(long sinceIndex, List<SeriesConflict> series) implements FeedEffect {}

  /** For sync.log. */
  record Log(boolean warn, String text) implements FeedEffect {}

  /** The receiver knows of STOP or DROP: nothing is left to do. */
  record Finished() implements FeedEffect {}
}
