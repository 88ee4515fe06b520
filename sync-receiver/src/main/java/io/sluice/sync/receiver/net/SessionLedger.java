package io.sluice.sync.receiver.net;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.receiver.core.SessionPositions;
import io.sluice.sync.receiver.port.TargetRegion;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.util.List;
import java.util.Map;
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

  /** Tries of a STOP against sessions that write the same ledger. */
  private static final int STOP_TRIES_MAX = 5;

  private final SessionHost host;
  private final TargetRegion home;
  private final SessionPositions positions;
  private final String senderAddress;
  private Ledger written;
  private long writtenAtMs;
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
   * @return false when the ledger is another session's now
   */
  boolean tick() {
    if (host.clock().nowMs() - writtenAtMs < host.options().ledgerDelayMsMax()) {
      return true;
    }
    return tryWriteIfChanged() && stillOurs();
  }

  /** The sender may have gone on at another node of this cluster, which knows nothing of us. */
  private boolean stillOurs() {
    long nowMs = host.clock().nowMs();
    if (nowMs - Math.max(writtenAtMs, lookedAtMs) < LOOK_MS) {
      return true;
    }
    lookedAtMs = nowMs;
    try {
      Ledger there = home.recall(written.source()).ledger();
      return there != null && there.session() == written.session();
    } catch (TargetUnavailableException e) {
      LOG.debug("ledger of {} cannot be looked at: {}", senderAddress, e.getMessage());
      return true;
    }
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
    if (position == written.position() && last.equals(written.lastRecords())) {
      return true;
    }
    Ledger next =
        new Ledger(
            written.source(),
            written.session(),
            written.pipeNumber(),
            position,
            written.lineage(),
            written.targets(),
            last,
            written.pipe());
    writtenAtMs = host.clock().nowMs();
    if (!home.writeLedger(next, written.session())) {
      return false;
    }
    written = next;
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
        ledger.lineage(),
        ledger.targets(),
        ledger.lastRecords(),
        new Ledger.PipeFacts(
            pipe.name(), pipe.createdAtMs(), pipe.senderAddress(), pipe.database(), false));
  }
}
