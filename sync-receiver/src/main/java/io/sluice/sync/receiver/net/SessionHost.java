package io.sluice.sync.receiver.net;

import io.sluice.common.sync.Source;
import io.sluice.common.time.MonotonicClock;
import io.sluice.sync.receiver.SyncReceiverOptions;
import io.sluice.sync.receiver.core.Partings;
import io.sluice.sync.receiver.port.PieceSplitter;
import io.sluice.sync.receiver.port.SenderUsers;
import io.sluice.sync.receiver.port.TargetCluster;
import io.sluice.sync.receiver.staging.StagingArea;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What all sessions of a receiver share. Thread-safe.
 *
 * @param workers run what may block
 * @param sessionNumbers draws a session's number, random and never 0
 * @param users in whose names senders come
 * @param feeding the session that feeds each source; a newer one takes its place
 * @param partings of sources' logs
 * @param pendingBytes read for all senders and not yet worked off
 * @param comparing a permit for each question about what is held here that is answered at once
 * @param mending a permit for each file whose rows are brought at once
 */
public record SessionHost(
    SyncReceiverOptions options,
    TargetCluster cluster,
    PieceSplitter splitter,
    StagingArea staging,
    Executor workers,
    MonotonicClock clock,
    LongSupplier sessionNumbers,
    SenderUsers users,
    Map<Source, ReceiverSession> feeding,
    Partings partings,
    AtomicLong pendingBytes,
    Semaphore comparing,
    Semaphore mending) {
  /** Of the workers, for comparisons; loads have the others. */
  private static final int COMPARING_MAX = 2;

  /** Each takes room on the disk, and is made into a file of a region. */
  private static final int MENDING_MAX = 1;

  public SessionHost(
      SyncReceiverOptions options,
      TargetCluster cluster,
      PieceSplitter splitter,
      StagingArea staging,
      Executor workers,
      MonotonicClock clock,
      LongSupplier sessionNumbers,
      SenderUsers users) {
    this(
        options,
        cluster,
        splitter,
        staging,
        workers,
        clock,
        sessionNumbers,
        users,
        new ConcurrentHashMap<>(),
        new Partings(),
        new AtomicLong(),
        new Semaphore(COMPARING_MAX),
        new Semaphore(MENDING_MAX));
  }
}
