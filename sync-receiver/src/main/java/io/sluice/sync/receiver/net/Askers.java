package io.sluice.sync.receiver.net;

import io.sluice.common.sync.frame.Frame;
import io.sluice.sync.receiver.port.TargetRegion;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.util.List;
import java.util.Optional;

/** On whose behalf a connection may ask without a handshake. Used on the session's lane. */
final class Askers {
  private final SessionHost host;

  /** Who asked last; null until one was looked up. */
  private Frame.Asker admitted;

  /** The database here that takes what that one ships. */
  private String database;

  Askers(SessionHost host) {
    this.host = host;
  }

  /** The database here that takes what the asker ships; empty when it has never fed it. */
  Optional<String> databaseOf(Frame.Asker asker) throws TargetUnavailableException {
    if (asker.equals(admitted)) {
      return Optional.of(database);
    }
    Optional<String> known = host.cluster().existingDatabase(asker.database());
    if (known.isEmpty()) {
      return known;
    }
    List<TargetRegion> targets = host.cluster().targets(known.get());
    if (targets.isEmpty() || targets.get(0).recall(asker.source()).ledger() == null) {
      return Optional.empty();
    }
    admitted = asker;
    database = known.get();
    return known;
  }

  static Frame.Refused neverFed(Frame.Asker asker) {
    return DigestDesk.refused(
        "nothing of " + asker.database() + " was ever fed here by this source");
  }
}
