package io.sluice.sync.sender.net;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.sender.core.FeedEvent;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks who is at an address: connects, waits for the greeting, and closes. Answers once, nothing
 * after {@link #close}. Runs on one event loop.
 */
final class Probe {
  private final Frame.Address address;
  private final Consumer<FeedEvent.Probed> answer;
  private final FeedConnection connection;
  private ScheduledFuture<?> deadline;
  private boolean done;

  Probe(EventLoop loop, Frame.Address address, Consumer<FeedEvent.Probed> answer) {
    this.address = address;
    this.answer = answer;
    this.connection = new FeedConnection(event -> loop.execute(() -> heard(event)));
  }

  void start(EventLoop loop, int timeoutMs) {
    deadline =
        loop.schedule(
            () -> end(null, "no greeting for " + timeoutMs + " ms"),
            timeoutMs,
            TimeUnit.MILLISECONDS);
    connection.connect(loop, address, timeoutMs, null);
  }

  private void heard(FeedEvent event) {
    if (event instanceof FeedEvent.Lost lost) {
      end(null, lost.text());
    } else if (event instanceof FeedEvent.Received received) {
      if (received.frame() instanceof Frame.Greeting greeting) {
        end(greeting.clusterId(), "");
      } else if (received.frame() instanceof Frame.Refused refused) {
        end(null, refused.text());
      }
    }
  }

  private void end(UUID clusterId, String text) {
    if (!done) {
      close();
      answer.accept(new FeedEvent.Probed(address, clusterId, text));
    }
  }

  void close() {
    done = true;
    deadline.cancel(false);
    connection.close();
  }
}
