package io.sluice.cli.proxy;

import io.sluice.cli.time.ElapsedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The thread that every socket of a network belongs to. */
final class ForwardingLoop implements AutoCloseable {
  private static final long IDLE_MS_MAX = 1_000;

  private final Selector selector = Selector.open();
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timed> timed =
      new PriorityQueue<>(Comparator.comparingLong(Timed::atMs));
  private final Thread thread = new Thread(this::run, "proxies");
  private volatile boolean closed;

  /** What a channel does when it can. In the loop's thread. */
  interface Ready {
    void ready(SelectionKey key);
  }

  /** Something to be done in the loop's thread. */
  interface Task {
    void run() throws IOException;
  }

  private record Timed(long atMs, Runnable task) {}

  ForwardingLoop() throws IOException {
    thread.setDaemon(true);
    thread.start();
  }

  /** Does it in the loop's thread and returns when it is done. From any other thread. */
  void call(Task task) throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    tasks.add(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    selector.wakeup();
    try {
      done.join();
    } catch (CompletionException e) {
      throw new IOException("the proxies could not do it", e.getCause());
    }
  }

  /** In the loop's thread only. */
  void after(long ms, Runnable task) {
    timed.add(new Timed(ElapsedClock.SYSTEM.nowMs() + ms, task));
  }

  /** In the loop's thread only. */
  SelectionKey register(SelectableChannel channel, int operations, Ready ready) throws IOException {
    channel.configureBlocking(false);
    return channel.register(selector, operations, ready);
  }

  /** Frees the ports of closed channels, which the selector holds until it looks again. */
  void letGo() throws IOException {
    selector.selectNow();
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(waitMs());
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
        // Due by now, and no later: what they set for soon must not keep the connections waiting.
        long nowMs = ElapsedClock.SYSTEM.nowMs();
        while (!timed.isEmpty() && timed.peek().atMs() <= nowMs) {
          timed.poll().task().run();
        }
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid()) {
            ((Ready) key.attachment()).ready(key);
          }
        }
        selector.selectedKeys().clear();
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long waitMs() {
    return timed.isEmpty()
        ? IDLE_MS_MAX
        : Math.max(1, timed.peek().atMs() - ElapsedClock.SYSTEM.nowMs());
  }

  @Override
  public void close() throws InterruptedException {
    closed = true;
    selector.wakeup();
    thread.join();
  }
}
