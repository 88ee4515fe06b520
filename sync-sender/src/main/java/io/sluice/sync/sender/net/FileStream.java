package io.sluice.sync.sender.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.sender.core.RateLimit;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;

/**
 * Sends one file's content as chunks, a few in flight, at the pace of its pipe. Content that is not
 * packed goes from the file to the socket without copying. Runs on the channel's event loop.
 */
final class FileStream {
  private static final int IN_FLIGHT_MAX = 4;

  /** While it is not this file's turn: so often it is looked whether the limit has changed. */
  private static final long LOOK_MS = 250;

  private final Channel channel;
  private final FileChannel file;
  private final ChunkSource source;
  private final CurrentTerms terms;
  private final MonotonicClock clock;
  private final Done done;

  /** Read, and not sent yet; null when there is none. */
  private ChunkSource.Next next;

  /** When {@link #next} may go; null until it was asked for. */
  private RateLimit.Turn turn;

  private int inFlight;
  private boolean waiting;
  private boolean stopped;

  /**
   * How it goes and how it ended, once. A lost connection is not told: the channel's handler sees
   * it.
   */
  interface Done {
    /**
     * A part of the file is in the socket, 0 bytes while it has to wait for its turn; the only one
     * that comes more than once.
     */
    void progressed(long bytes);

    void sent();

    void failed(IOException cause);
  }

  FileStream(
      Channel channel,
      FileChannel file,
      ChunkSource source,
      CurrentTerms terms,
      MonotonicClock clock,
      Done done) {
    this.channel = channel;
    this.file = file;
    this.source = source;
    this.terms = terms;
    this.clock = clock;
    this.done = done;
  }

  void start() {
    while (!stopped && !waiting && inFlight < IN_FLIGHT_MAX && (next != null || source.more())) {
      try {
        if (next == null) {
          next = source.read(terms.now(), channel.alloc());
        }
        if (myTurn()) {
          sendNext();
        }
      } catch (IOException e) {
        stop();
        done.failed(e);
      }
    }
  }

  /** The file is about to be closed. */
  void stop() {
    stopped = true;
    if (next != null) {
      next.release();
      next = null;
    }
  }

  private boolean myTurn() {
    long nowMs = clock.nowMs();
    if (turn == null || !terms.limit().holds(turn)) {
      turn = terms.limit().take(next.wireBytes(), nowMs);
    }
    long waitMs = turn.atMs() - nowMs;
    if (waitMs <= 0) {
      turn = null;
      return true;
    }
    waiting = true;
    channel.eventLoop().schedule(this::lookAgain, Math.min(waitMs, LOOK_MS), TimeUnit.MILLISECONDS);
    return false;
  }

  private void lookAgain() {
    waiting = false;
    if (!stopped) {
      done.progressed(0);
      start();
    }
  }

  private void sendNext() {
    ChunkSource.Next now = next;
    next = null;
    channel.write(now.head(), channel.voidPromise());
    Frame.Chunk chunk = now.chunk();
    ChannelFuture written =
        channel.writeAndFlush(
            now.packed() == null
                ? new OpenFileRegion(file, chunk.offset(), chunk.lengthBytes())
                : now.packed());
    inFlight++;
    written.addListener(
        future -> {
          inFlight--;
          if (stopped || !future.isSuccess()) {
            stop();
            return;
          }
          done.progressed(chunk.lengthBytes());
          if (next != null || source.more()) {
            start();
          } else if (inFlight == 0) {
            done.sent();
          }
        });
  }

  /** A part of a file that stays open when the part is sent. */
  private static final class OpenFileRegion extends DefaultFileRegion {
    OpenFileRegion(FileChannel file, long position, long count) {
      super(file, position, count);
    }

    @Override
    protected void deallocate() {
      // The file is closed by whoever opened it.
    }
  }
}
