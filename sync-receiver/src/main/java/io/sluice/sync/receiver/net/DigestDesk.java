package io.sluice.sync.receiver.net;

import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.port.HeldDigests;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.util.Optional;

/**
 * Answers one sender's questions about what this cluster holds: only of databases that it has fed,
 * and of few senders at a time, since loads need the same threads. Used on the session's lane.
 */
final class DigestDesk {
  /** What a question counts for while it waits. */
  static final long QUESTION_BYTES = 256 << 10;

  private final SessionHost host;

  /** The protocol version of this connection. */
  private final int version;

  private final Askers askers;

  DigestDesk(SessionHost host, Askers askers, int version) {
    this.host = host;
    this.askers = askers;
    this.version = version;
  }

  static boolean isFor(Frame.FromSender frame) {
    return frame instanceof Frame.DigestsWanted || frame instanceof Frame.RowsWanted;
  }

  /**
   * @param frame one of those {@link #isFor} is true of
   */
  Frame.FromReceiver answer(Frame.FromSender frame) throws TargetUnavailableException {
    if (version < Opening.VERSION_DIGESTS) {
      return refused("a question of version " + Opening.VERSION_DIGESTS);
    }
    Frame.Asker asker =
        frame instanceof Frame.DigestsWanted wanted
            ? wanted.asker()
            : ((Frame.RowsWanted) frame).asker();
    Optional<String> database = askers.databaseOf(asker);
    if (database.isEmpty()) {
      return Askers.neverFed(asker);
    }
    if (!host.comparing().tryAcquire()) {
      return new Frame.Wait();
    }
    try {
      return held(frame, asker, database.get());
    } finally {
      host.comparing().release();
    }
  }

  private Frame.FromReceiver held(Frame.FromSender frame, Frame.Asker asker, String database)
      throws TargetUnavailableException {
    HeldDigests digests = host.cluster().digests(asker.source().clusterId());
    if (frame instanceof Frame.DigestsWanted wanted) {
      for (DigestSpans part : wanted.parts()) {
        if (!below(database, part.part())) {
          return refused(part.part().device() + " is not of database " + database);
        }
      }
      return new Frame.Digests(digests.ranges(wanted.parts()));
    }
    Frame.RowsWanted wanted = (Frame.RowsWanted) frame;
    return below(database, wanted.part())
        ? new Frame.Rows(digests.rows(wanted.part(), wanted.span()))
        : refused(wanted.part().device() + " is not of database " + database);
  }

  private static boolean below(String database, DigestPart part) {
    return part.device().equals(database) || part.device().startsWith(database + ".");
  }

  static Frame.Refused refused(String why) {
    return new Frame.Refused(Refusal.PROTOCOL, "not to be compared: " + why);
  }
}
