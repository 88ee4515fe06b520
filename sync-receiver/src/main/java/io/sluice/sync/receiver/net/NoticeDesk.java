package io.sluice.sync.receiver.net;

import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.receiver.port.TargetRegion;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets ledgers, records and files here show that a pipe stopped or was dropped. */
final class NoticeDesk {
  private static final Logger LOG = LoggerFactory.getLogger("sync.receiver");

  private NoticeDesk() {}

  /** Blocks; doing it twice is doing it once. */
  static void heed(SessionHost host, Frame.Notice notice, String senderAddress)
      throws TargetUnavailableException, IOException {
    LOG.info(
        "pipe number {} from {}: {} of source {}",
        notice.pipeNumber(),
        senderAddress,
        notice.what(),
        notice.source().regionId());
    if (notice.what() == Frame.Notice.What.DROP) {
      host.staging().forget(notice.source());
    }
    Optional<String> database = host.cluster().existingDatabase(notice.database());
    if (database.isEmpty()) {
      return;
    }
    List<TargetRegion> targets = host.cluster().targets(database.get());
    if (notice.what() == Frame.Notice.What.DROP) {
      forget(targets, notice);
    } else {
      SessionLedger.writeStopped(host, targets, notice);
    }
  }

  /** A pipe that never fed from this source leaves the one alone that does. */
  private static void forget(List<TargetRegion> targets, Frame.Notice notice)
      throws TargetUnavailableException {
    Ledger ledger = targets.isEmpty() ? null : targets.get(0).recall(notice.source()).ledger();
    if (ledger == null || ledger.pipeNumber() == notice.pipeNumber()) {
      for (TargetRegion target : targets) {
        target.forget(notice.source(), notice.pipeNumber());
      }
    }
  }
}
