package io.sluice.sync.sender.core;

import io.sluice.common.sync.Route;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import java.util.List;

/**
 * The ranges of one session, from its start on: opened ahead, announced, streamed in order, and let
 * go when they are applied. Writes what it wants done to the feed's effects. Pure; owned by one
 * feed.
 */
final class RangeFlow {
  private final int piecesMax;
  private final List<FeedEffect> effects;
  private final Window window = new Window();

  private boolean flowing;

  /** Nothing new is begun: the feed moves to another address. */
  private boolean draining;

  /** All up to here is known to be applied; stays when the session ends. */
  private long position;

  /** End of the last announced range. */
  private long announcedTo;

  private long tokens;

  /** Whether the receiver understands what is said about pieces before they are announced. */
  private boolean tellsMore;

  /** What the receiver was told of it in this session. */
  private long toldCutBy;

  private Route toldVia = Route.HERE;

  /** Token of the range being opened, 0 for none. */
  private long opening;

  /** No range was left when last asked, and the region has not gone on since. */
  private boolean exhausted;

  private boolean caughtUp;
  private long lastDataIndex;

  RangeFlow(int piecesMax, List<FeedEffect> effects) {
    this.piecesMax = piecesMax;
    this.effects = effects;
  }

  /** A session is about to begin, in this version of the protocol. */
  void greeted(int version) {
    tellsMore = version >= Math.max(Opening.VERSION_CUT_BY, Opening.VERSION_VIA);
  }

  /** A session begins: ranges that end above {@code start} are to be shipped. */
  void begin(long start) {
    flowing = true;
    toldCutBy = 0;
    toldVia = Route.HERE;
    draining = false;
    position = start;
    announcedTo = start;
    exhausted = false;
    caughtUp = false;
    openNext();
  }

  /** The connection is gone, and with it all open files. */
  void end() {
    flowing = false;
    window.clear();
    opening = 0;
    caughtUp = false;
  }

  /** Begins nothing new until the session ends. */
  void drain() {
    draining = true;
  }

  /** Nothing is under way that leaving would throw away. */
  boolean drained() {
    return !window.travelling();
  }

  boolean isEmpty() {
    return window.isEmpty();
  }

  /** The region may have gone on. */
  void lookAgain() {
    exhausted = false;
    if (flowing) {
      openNext();
    }
  }

  void opened(FeedEvent.Opened opened) {
    if (hidesTooMuch(opened)) {
      effects.add(new FeedEffect.Release(opened.token()));
      openedEmpty(
          new FeedEvent.OpenedEmpty(
              opened.token(), opened.start(), opened.end(), opened.lineage(), opened.cutBy()));
      return;
    }
    if (!takes(opened.token())) {
      // Of a connection that is gone.
      effects.add(new FeedEffect.Release(opened.token()));
      return;
    }
    window.add(opened.token(), opened.end(), opened.lengthBytes());
    announcedTo = opened.end();
    exhausted = false;
    tellCut(opened.cutBy());
    tellVia(opened.via());
    effects.add(
        new FeedEffect.Send(
            new Frame.FileBegin(
                opened.start(),
                opened.end(),
                opened.lineage(),
                opened.lengthBytes(),
                opened.crc32c(),
                opened.content())));
    openNext();
  }

  void openedEmpty(FeedEvent.OpenedEmpty empty) {
    if (takes(empty.token())) {
      window.add(empty.token(), empty.end(), 0);
      announcedTo = empty.end();
      exhausted = false;
      tellCut(empty.cutBy());
      effects.add(
          new FeedEffect.Send(new Frame.Passed(empty.start(), empty.end(), empty.lineage())));
      openNext();
    }
  }

  /** A receiver that cannot be told of the way would take away what was written here, too. */
  private boolean hidesTooMuch(FeedEvent.Opened opened) {
    return opened.content() == Frame.Content.DELETION && !opened.via().isHere() && !tellsMore;
  }

  private void tellCut(long by) {
    if (tellsMore && by > toldCutBy) {
      toldCutBy = by;
      effects.add(new FeedEffect.Send(new Frame.CutBy(by)));
    }
  }

  private void tellVia(Route via) {
    if (tellsMore && !via.equals(toldVia)) {
      toldVia = via;
      effects.add(new FeedEffect.Send(new Frame.Via(via)));
    }
  }

  /**
   * @return whether nothing is left: all there is was announced, and is applied
   */
  boolean noRange(FeedEvent.NoRange none) {
    if (!takes(none.token())) {
      return false;
    }
    lastDataIndex = none.lastDataIndex();
    if (!exhausted) {
      // It went on while we asked.
      openNext();
      return false;
    }
    caughtUp = none.lastDataIndex() <= announcedTo;
    if (!caughtUp) {
      effects.add(new FeedEffect.SealSoon());
    }
    return caughtUp();
  }

  /** Whether the answer is the one waited for; if so, nothing is being opened any more. */
  boolean takes(long token) {
    if (opening != token || !flowing) {
      return false;
    }
    opening = 0;
    return true;
  }

  void accepted(Frame.FileAccept accept) {
    window.accepted(accept.end(), accept.offset());
    streamNext();
  }

  void streamed(long token) {
    if (flowing) {
      window.streamed(token);
      streamNext();
    }
  }

  /**
   * @return false when there is nothing new in it
   */
  boolean applied(long end) {
    // Never past what was announced: a receiver cannot have applied what it was not told of.
    if (end <= position || end > announcedTo) {
      return false;
    }
    for (long token : window.applied(end)) {
      effects.add(new FeedEffect.Release(token));
    }
    position = end;
    openNext();
    return true;
  }

  private void openNext() {
    if (opening == 0 && !exhausted && !draining && window.size() < piecesMax) {
      // Until the answer comes, lookAgain clears it again.
      exhausted = true;
      opening = ++tokens;
      effects.add(new FeedEffect.OpenNext(opening, announcedTo));
    }
  }

  private void streamNext() {
    FeedEffect.Stream next = draining ? null : window.nextToStream();
    if (next != null) {
      effects.add(next);
    }
  }

  long position() {
    return position;
  }

  /** End of the last range that was announced, in this session or, between two, in the last. */
  long announcedTo() {
    return announcedTo;
  }

  /** As of when the region was last asked for a range; 0 before. */
  long lastDataIndex() {
    return lastDataIndex;
  }

  /** End of the oldest range that is not applied yet. */
  long oldestEnd() {
    return window.oldestEnd();
  }

  /** Everything that was in the region when it was last asked is applied. */
  boolean caughtUp() {
    return flowing && caughtUp && window.isEmpty();
  }
}
