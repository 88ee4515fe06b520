package io.sluice.cli.storm;

import io.sluice.cli.time.ElapsedClock;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/**
 * Sends one write again until it is acknowledged: nobody can know whether an attempt without an
 * answer took effect, and the same values once more change nothing. Confined to one thread.
 */
final class Insistence implements AutoCloseable {
  private static final long RETRY_MS = 200;
  private static final long WRITE_MS_MAX = 300_000;

  private final InetSocketAddress dataNode;
  private final Refusals refusals;
  private final AtomicLong slowestAnswerMs;
  private StormClient client;

  /** A write of one's own making. */
  @FunctionalInterface
  interface Write {
    void to(StormClient client) throws IoTDBConnectionException, StatementExecutionException;
  }

  /**
   * @param slowestAnswerMs raised to the longest time that one attempt took to be answered
   */
  Insistence(InetSocketAddress dataNode, Refusals refusals, AtomicLong slowestAnswerMs) {
    this.dataNode = dataNode;
    this.refusals = refusals;
    this.slowestAnswerMs = slowestAnswerMs;
  }

  /**
   * @throws StuckException when it has been refused for a time no restart explains
   */
  void untilAcknowledged(Write write) throws InterruptedException, StuckException {
    long startedMs = ElapsedClock.SYSTEM.nowMs();
    while (true) {
      long sentMs = ElapsedClock.SYSTEM.nowMs();
      try {
        if (client == null) {
          client = StormClient.at(dataNode);
        }
        write.to(client);
        return;
      } catch (IoTDBConnectionException | StatementExecutionException | RuntimeException e) {
        refusals.add(e);
        close();
        if (ElapsedClock.SYSTEM.nowMs() - startedMs > WRITE_MS_MAX) {
          throw new StuckException(dataNode, e);
        }
      } finally {
        long tookMs = ElapsedClock.SYSTEM.nowMs() - sentMs;
        slowestAnswerMs.accumulateAndGet(tookMs, Math::max);
        refusals.slow(tookMs, dataNode);
      }
      TimeUnit.MILLISECONDS.sleep(RETRY_MS);
    }
  }

  @Override
  public void close() {
    if (client != null) {
      try {
        client.close();
      } catch (IoTDBConnectionException e) {
        refusals.add(e);
      }
      client = null;
    }
  }

  /** A write stayed refused. */
  static final class StuckException extends Exception {
    StuckException(InetSocketAddress dataNode, Exception last) {
      super("a write to " + dataNode + " was refused for " + WRITE_MS_MAX + " ms", last);
    }
  }
}
