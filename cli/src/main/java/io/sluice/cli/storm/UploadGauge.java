package io.sluice.cli.storm;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/** Asks the cloud again and again how much of the bulk has arrived. One thread runs it. */
final class UploadGauge implements Runnable {
  private static final long POLL_MS = 1_000;

  private final InetSocketAddress dataNode;
  private final BulkRows bulk;
  private final Refusals refusals;
  private volatile boolean stopping;
  private volatile long points;

  UploadGauge(InetSocketAddress dataNode, BulkRows bulk, Refusals refusals) {
    this.dataNode = dataNode;
    this.bulk = bulk;
    this.refusals = refusals;
  }

  /** As of the last answer. */
  long points() {
    return points;
  }

  /** Whether some of the bulk had not arrived at the last answer. */
  boolean uploading() {
    return points < bulk.points();
  }

  void stop() {
    stopping = true;
  }

  @Override
  public void run() {
    while (!stopping) {
      try (StormClient client = StormClient.at(dataNode)) {
        points = client.count(bulk.database());
      } catch (IoTDBConnectionException | StatementExecutionException | RuntimeException e) {
        refusals.add(e);
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
