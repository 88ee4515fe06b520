package io.sluice.sync.sender.net;

import io.sluice.common.sync.frame.Frame;
import io.sluice.common.time.MonotonicClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks a receiver what it holds, question by question, of whichever of its nodes answers: when one
 * dies, or a region there has no leader for a while, the same question is asked again. Calls block;
 * one thread at a time.
 */
public final class ReceiverQuestions implements AutoCloseable {
  /** For one question, from its first failure on: a node is missed and a leader elected. */
  static final long AGAIN_MS_MAX = 30_000;

  private static final long PAUSE_MS = 250;

  private final Supplier<List<Frame.Address>> addresses;
  private final Opening opening;
  private final MonotonicClock clock;
  private final UUID receiver;

  /** Null while there is none. */
  private DigestLink link;

  /** In use, or tried last. */
  private Frame.Address address;

  /** Of links that are no more. */
  private long exchangedBefore;

  /** Makes a connection. */
  public interface Opening {
    /**
     * @throws IOException saying why there is none
     */
    DigestLink open(Frame.Address address) throws IOException;
  }

  private ReceiverQuestions(
      Supplier<List<Frame.Address>> addresses, Opening opening, MonotonicClock clock)
      throws IOException {
    this.addresses = addresses;
    this.opening = opening;
    this.clock = clock;
    this.link = connect();
    this.receiver = link.receiver();
  }

  /**
   * Connects to the first address that answers.
   *
   * @param addresses of the receiver, as known at each moment
   * @throws IOException saying why none is of use: unreachable, refused, or of a version that
   *     cannot compare
   */
  public static ReceiverQuestions open(
      Supplier<List<Frame.Address>> addresses, Opening opening, MonotonicClock clock)
      throws IOException {
    return new ReceiverQuestions(addresses, opening, clock);
  }

  /** The address that failed last comes last. */
  private DigestLink connect() throws IOException {
    List<Frame.Address> order = new ArrayList<>(addresses.get());
    if (order.remove(address)) {
      order.add(address);
    }
    IOException first = null;
    for (Frame.Address each : order) {
      try {
        address = each;
        return opening.open(each);
      } catch (IOException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    throw first == null ? new IOException("no receiver is known") : first;
  }

  /**
   * @param answer what kind of answer is due
   * @throws IOException when none comes for half a minute, or another one
   */
  public <T extends Frame> T ask(Frame.FromSender question, Class<T> answer) throws IOException {
    long sinceMs = 0;
    for (boolean first = true; ; first = false) {
      boolean connected = link != null;
      try {
        return link().ask(question, answer);
      } catch (IOException e) {
        boolean again = !connected && link == null || e instanceof LinkLostException;
        drop();
        long nowMs = clock.nowMs();
        sinceMs = first ? nowMs : sinceMs;
        if (!again || nowMs - sinceMs >= AGAIN_MS_MAX) {
          throw e;
        }
        pause();
      }
    }
  }

  private DigestLink link() throws IOException {
    if (link == null) {
      DigestLink fresh = connect();
      if (!fresh.receiver().equals(receiver)) {
        fresh.close();
        throw new IOException(fresh.named() + " is of another cluster than was asked before");
      }
      link = fresh;
    }
    return link;
  }

  private void drop() {
    if (link != null) {
      exchangedBefore += link.exchangedBytes();
      link.close();
      link = null;
    }
  }

  private static void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("this node is closing", e);
    }
  }

  /** Whether the receiver, as far as it is known now, can have its rotten files from here. */
  public boolean mends() {
    return link != null && link.mends();
  }

  /** The cluster at the other end. */
  public UUID receiver() {
    return receiver;
  }

  /** {@code host:port} of the receiver's node that is asked. */
  public String named() {
    return address.host() + ":" + address.port();
  }

  /** Of questions and answers, both ways. */
  public long exchangedBytes() {
    return exchangedBefore + (link == null ? 0 : link.exchangedBytes());
  }

  @Override
  public void close() {
    drop();
  }
}
