package io.sluice.cli.storm;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Writes small batches to devices of its own, one device after another, each batch until it is
 * acknowledged, and remembers them: fresh rows, rows of a time left out before, and other values
 * for time stamps already written. What it writes follows from its seed. One thread runs it.
 */
final class TrickleWriter implements Runnable {
  static final String DATABASE = "root.storm";
  private static final int ROWS_MAX = 40;
  private static final int BATCHES_PER_DEVICE = 300;
  private static final int SINGLE_RECORDS_MAX = 3;
  private static final long PAUSE_MS = 20;

  /** Fresh rows leave this distance, so that late rows fit between. */
  private static final long STEP_MS = 4;

  private final String prefix;
  private final TrickleBatch.Shape shape;
  private final Random random;
  private final Insistence insistence;
  private final List<TrickleRows> devices = new ArrayList<>();
  private volatile boolean stopping;
  private volatile Exception failure;
  private int batches;
  private long nextTime;
  private long nextValue = 1;

  TrickleWriter(int number, long seed, Insistence insistence) {
    TrickleBatch.Shape[] shapes = TrickleBatch.Shape.values();
    this.prefix = DATABASE + ".w" + number + "_";
    this.shape = shapes[number % shapes.length];
    this.random = new Random(seed * 1_009 + number);
    this.insistence = insistence;
  }

  /** Ends after the batch under way is acknowledged. */
  void stop() {
    stopping = true;
  }

  /** The acknowledged rows by device; only to be read after the thread has ended. */
  List<TrickleRows> devices() {
    return devices;
  }

  /** Why it ended before it was told to; null when it did not. */
  Exception failure() {
    return failure;
  }

  @Override
  public void run() {
    try (insistence) {
      while (!stopping) {
        if (batches % BATCHES_PER_DEVICE == 0) {
          beginDevice();
        }
        batches++;
        TrickleBatch batch = nextBatch(current().device());
        insistence.untilAcknowledged(batch::writeTo);
        current().acknowledged(batch);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (Insistence.StuckException e) {
      failure = e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failure = e;
    }
  }

  private TrickleRows current() {
    return devices.get(devices.size() - 1);
  }

  /** SQL's literals have no types, so such a device's series are made before. */
  private void beginDevice() throws InterruptedException, Insistence.StuckException {
    TrickleRows rows = new TrickleRows(prefix + devices.size());
    nextTime = STEP_MS;
    if (shape == TrickleBatch.Shape.SQL) {
      for (String name : List.of("v", "w")) {
        insistence.untilAcknowledged(client -> createSeries(client, rows.device() + "." + name));
      }
    }
    devices.add(rows);
  }

  /** An attempt that was cut off may have made it already. */
  private static void createSeries(StormClient client, String path)
      throws org.apache.iotdb.rpc.IoTDBConnectionException,
          org.apache.iotdb.rpc.StatementExecutionException {
    if (!client.session().checkTimeseriesExists(path)) {
      client.session().executeNonQueryStatement("create timeseries " + path + " INT64");
    }
  }

  private TrickleBatch nextBatch(String device) {
    int count =
        1
            + random.nextInt(
                shape == TrickleBatch.Shape.SINGLE_RECORD ? SINGLE_RECORDS_MAX : ROWS_MAX);
    long[] times = new long[count];
    int kind = nextTime == STEP_MS ? 0 : random.nextInt(10);
    if (kind < 6) {
      for (int i = 0; i < count; i++, nextTime += STEP_MS) {
        times[i] = nextTime;
      }
    } else {
      // over what is there (offset 0), or between (offset 1 to 3): old values, or a late row
      long offset = kind < 8 ? 0 : 1 + random.nextInt((int) STEP_MS - 1);
      long written = nextTime / STEP_MS - 1;
      long first = 1 + (long) (random.nextDouble() * Math.max(1, written - count));
      for (int i = 0; i < count; i++) {
        times[i] = (first + i) * STEP_MS + offset;
      }
    }
    int columns = random.nextInt(4);
    TrickleBatch batch =
        new TrickleBatch(device, shape, times, nextValue, columns != 1, columns != 2);
    nextValue += count;
    return batch;
  }
}
