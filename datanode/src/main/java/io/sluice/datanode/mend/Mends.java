package io.sluice.datanode.mend;

import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.SealedFile;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows that senders have brought for rotten files of regions led here, until those of every region
 * of the sender are there; then they take the file's place, one file at a time. What was brought is
 * forgotten with the process, and after an hour: it is brought again. Thread-safe.
 */
public final class Mends implements AutoCloseable {
  /** As senders' and receivers' lines are. */
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private static final int KEPT_MAX = 64;
  private static final long KEPT_MS = 3_600_000;

  /** Shorter than another node waits for an answer. */
  private static final long WAIT_MS = 5_000;

  private final RottenMend rottenMend;
  private final MonotonicClock clock;
  private final Map<Key, Kept> kept = new HashMap<>();
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread made = new Thread(task, "rotten-mend");
            made.setDaemon(true);
            return made;
          });

  private record Key(UUID region, long end, int crc32c) {}

  /** Guarded by the map's owner. */
  private static final class Kept {
    private final Map<Source, BroughtRows> rows = new HashMap<>();
    private long touchedAtMs;

    /** Null until all rows are there. */
    private Future<Mended> work;
  }

  public Mends(RottenMend rottenMend, MonotonicClock clock) {
    this.rottenMend = rottenMend;
    this.clock = clock;
  }

  /**
   * Takes down what one region of the sender has. Once all have said so, waits a moment for the
   * file to be mended; {@link Mended.State#WORKS}: ask again with the same rows.
   *
   * @param region led here
   */
  public Mended bring(Region region, BroughtRows brought) {
    Future<Mended> work;
    synchronized (this) {
      long nowMs = clock.nowMs();
      kept.values().removeIf(one -> nowMs - one.touchedAtMs >= KEPT_MS);
      Key key = new Key(region.id(), brought.end(), brought.crc32c());
      Kept own = kept.get(key);
      if (own == null || own.work == null) {
        SealedFile rotten = rotten(region, brought).orElse(null);
        if (rotten == null) {
          return Mended.not("it is not rotten any more, or another replica has it");
        }
        if (own == null && kept.size() >= KEPT_MAX) {
          return Mended.not("rows of " + KEPT_MAX + " rotten files are being brought already");
        }
        own = kept.computeIfAbsent(key, fresh -> new Kept());
        own.rows.put(brought.source(), brought);
        Set<Source> missing = missing(region, rotten, own);
        if (!missing.isEmpty()) {
          own.touchedAtMs = nowMs;
          return new Mended(Mended.State.WAITS, waits(missing));
        }
        Map<Source, BroughtRows> all = Map.copyOf(own.rows);
        own.work = worker.submit(() -> mend(region, rotten, all));
      }
      own.touchedAtMs = nowMs;
      work = own.work;
    }
    return await(region, brought, work);
  }

  private static Optional<SealedFile> rotten(Region region, BroughtRows brought) {
    return region.rotten().stream()
        .filter(file -> file.end() == brought.end() && file.crc32c() == brought.crc32c())
        .filter(file -> file.route().broughtBy(brought.source().clusterId()))
        .findFirst();
  }

  /** A file may hold rows of every region that has ever fed this one. */
  private static Set<Source> missing(Region region, SealedFile rotten, Kept own) {
    Set<Source> missing = new HashSet<>();
    for (Source source : region.sources()) {
      if (rotten.route().broughtBy(source.clusterId())
          && !region.record(source).isDropped()
          && !own.rows.containsKey(source)) {
        missing.add(source);
      }
    }
    return missing;
  }

  private static String waits(Set<Source> missing) {
    return "kept; it waits for the rows of the sender's region(s) "
        + missing.stream()
            .map(source -> source.regionId().toString())
            .sorted()
            .collect(Collectors.joining(", "));
  }

  private Mended mend(Region region, SealedFile rotten, Map<Source, BroughtRows> brought) {
    try {
      Mended mended = rottenMend.mend(region, rotten, brought.values());
      LOG.warn("Region {} of {}: {}", region.id(), region.database(), mended.text());
      return mended;
    } catch (IOException | StatusException | RuntimeException e) {
      LOG.error(
          "Region {} of {}: rotten file {} stays as it is",
          region.id(),
          region.database(),
          rotten.path(),
          e);
      return Mended.not(rotten.path() + " stays as it is: " + e.getMessage());
    }
  }

  private Mended await(Region region, BroughtRows brought, Future<Mended> work) {
    try {
      Mended mended = work.get(WAIT_MS, TimeUnit.MILLISECONDS);
      if (mended.state() == Mended.State.NOT) {
        forget(region, brought, work);
      }
      return mended;
    } catch (TimeoutException e) {
      return new Mended(Mended.State.WORKS, "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Mended.not("this node is closing");
    } catch (ExecutionException e) {
      throw new IllegalStateException("a mend answers by itself why it failed", e);
    }
  }

  /** So that it can be tried again, with rows brought anew. */
  private synchronized void forget(Region region, BroughtRows brought, Future<Mended> work) {
    Key key = new Key(region.id(), brought.end(), brought.crc32c());
    Kept own = kept.get(key);
    if (own != null && own.work == work) {
      kept.remove(key);
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
