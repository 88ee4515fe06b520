package io.sluice.sync.receiver.net;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.receiver.core.SessionPositions;
import io.sluice.sync.receiver.port.TargetRegion;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one session's ledger behind what is applied, at most so often. Its lag costs a resend,
 * never a point. Runs on the session's lane.
 */
final class SessionLedger {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  /** How often a session that has nothing to write looks whether the ledger is still its own. */
  private static final long LOOK_MS = 10_000;

  private static final String ANOTHERS = "another session feeds from this source";

  /** Tries of a STOP against sessions that write the same ledger. */
  private static final int STOP_TRIES_MAX = 5;

  private final SessionHost host;
  private final TargetRegion home;
  private final SessionPositions positions;
  private final String senderAddress;
  private Ledger written;

  /** When it was tried last. */
  private long writtenAtMs;

  /** When it was known last to be ours. */
  private long lookedAtMs;

  SessionLedger(
      SessionHost host,
      TargetRegion home,
      Ledger written,
      SessionPositions positions,
      String senderAddress) {
    this.host = host;
    this.home = home;
    this.written = written;
    this.positions = positions;
    this.senderAddress = senderAddress;
    this.writtenAtMs = host.clock().nowMs();
    this.lookedAtMs = writtenAtMs;
  }

  /**
   * Writes when it is time to.
   *
   * @return why the session has to end; empty when it has not
   */
  Optional<String> tick() {
    if (host.clock().nowMs() - writtenAtMs < host.options().ledgerDelayMsMax()) {
      return Optional.empty();
    }
    return tryWriteIfChanged() ? whatIsOver() : Optional.of(ANOTHERS);
  }

  /**
   * The sender may have gone on at another node of this cluster, which knows nothing of us; or the
   * database was dropped, and what was applied with it.
   */
  private Optional<String> whatIsOver() {
    long nowMs = host.clock().nowMs();
    if (nowMs - lookedAtMs < LOOK_MS) {
      return Optional.empty();
    }
    lookedAtMs = nowMs;
    try {
      if (!hasItsTargets()) {
        return Optional.of("database " + written.pipe().database() + " is not what it was");
      }
      Ledger there = home.recall(written.source()).ledger();
      boolean ours = there != null && there.session() == written.session();
      return ours ? Optional.empty() : Optional.of(ANOTHERS);
    } catch (TargetUnavailableException e) {
      LOG.debug("ledger of {} cannot be looked at: {}", senderAddress, e.getMessage());
      return Optional.empty();
    }
  }

  private boolean hasItsTargets() throws TargetUnavailableException {
    String database = written.pipe().database();
    if (!host.cluster().existingDatabase(database).equals(Optional.of(database))) {
      return false;
    }
    Set<UUID> now = new HashSet<>();
    host.cluster().targets(database).forEach(target -> now.add(target.id()));
    return now.equals(Set.copyOf(written.targets()));
  }

  /** The same without waiting; when the home cannot be asked, the next tick tries again. */
  boolean tryWriteIfChanged() {
    try {
      return writeIfChanged();
    } catch (TargetUnavailableException e) {
      LOG.debug("ledger of {} waits: {}", senderAddress, e.getMessage());
      return true;
    }
  }

  /** See {@link #tick}. */
  boolean writeIfChanged() throws TargetUnavailableException {
    long position = positions.position();
    Map<UUID, AppliedRecord> last = positions.last();
    if (position == written.position()
        && positions.cutBy() == written.cutBy()
        && last.equals(written.lastRecords())) {
      return true;
    }
    Ledger next =
        new Ledger(
            written.source(),
            written.session(),
            written.pipeNumber(),
            position,
            positions.cutBy(),
            written.lineage(),
            written.targets(),
            last,
            written.pipe());
    writtenAtMs = host.clock().nowMs();
    if (!home.writeLedger(next, written.session())) {
      return false;
    }
    written = next;
    lookedAtMs = writtenAtMs;
    return true;
  }

  /** The row of a stopped pipe, under a new session so that none alive writes over it. */
  static void writeStopped(SessionHost host, List<TargetRegion> targets, Frame.Notice notice)
      throws TargetUnavailableException {
    for (int i = 0; i < STOP_TRIES_MAX && !targets.isEmpty(); i++) {
      TargetRegion home = targets.get(0);
      Ledger ledger = home.recall(notice.source()).ledger();
      if (ledger == null
          || ledger.pipeNumber() != notice.pipeNumber()
          || !ledger.pipe().running()
          || home.writeLedger(stopped(ledger, host), ledger.session())) {
        return;
      }
    }
    throw new TargetUnavailableException("the ledger is being written by others");
  }

  private static Ledger stopped(Ledger ledger, SessionHost host) {
    Ledger.PipeFacts pipe = ledger.pipe();
    return new Ledger(
        ledger.source(),
        host.sessionNumbers().getAsLong(),
        ledger.pipeNumber(),
        ledger.position(),
        ledger.cutBy(),
        ledger.lineage(),
        ledger.targets(),
        ledger.lastRecords(),
        new Ledger.PipeFacts(
            pipe.name(), pipe.createdAtMs(), pipe.senderAddress(), pipe.database(), false));
  }
}
