package io.sluice.sync.receiver.net;

import io.netty.util.NetUtil;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.core.Handshake;
import io.sluice.sync.receiver.core.Partings;
import io.sluice.sync.receiver.core.Timeline;
import io.sluice.sync.receiver.port.DatabaseImpossibleException;
import io.sluice.sync.receiver.port.TargetRegion;
import io.sluice.sync.receiver.port.TargetUnavailableException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What became of a handshake: reads what the targets remember, decides, writes the new ledger. */
sealed interface SessionOpening {
  record Refused(Refusal code, String text) implements SessionOpening {}

  /**
   * @param home where the ledger is
   * @param ledger as it was written
   */
  record Opened(TargetRegion home, Timeline timeline, Handshake.Start start, Ledger ledger)
      implements SessionOpening {}

  /**
   * @param living where the sender is that feeds from this source here and now; null when none does
   */
  static SessionOpening shakeHands(
      SessionHost host, Frame.Hello hello, InetSocketAddress sender, InetSocketAddress living)
      throws TargetUnavailableException, DatabaseImpossibleException {
    String database = host.cluster().ensureDatabase(hello.database());
    List<TargetRegion> targets = host.cluster().targets(database);
    if (targets.isEmpty()) {
      throw new TargetUnavailableException("database " + database + " has no regions yet");
    }
    TargetRegion home = targets.get(0);
    // The ledger first: records read later are at least as new as what it says of them.
    Ledger former = home.recall(hello.source()).ledger();
    List<UUID> ids = new ArrayList<>();
    Map<UUID, AppliedRecord> records = new HashMap<>();
    for (TargetRegion target : targets) {
      ids.add(target.id());
      AppliedRecord record = target.recall(hello.source()).record();
      if (record != null) {
        records.put(target.id(), record);
      }
    }
    var timeline =
        new Timeline(hello.pipeNumber(), hello.lineage(), hello.logEnd(), hello.syncDeletions());
    Handshake decided = Handshake.decide(timeline, former, ids, records);
    if (decided instanceof Handshake.OldPipe old) {
      return new Refused(
          Refusal.OLD_PIPE,
          "pipe number "
              + hello.pipeNumber()
              + " is below "
              + old.knownPipeNumber()
              + ", which has shipped from this source");
    }
    if (decided instanceof Handshake.Dropped dropped) {
      return new Refused(
          Refusal.OLD_PIPE,
          "pipe number " + dropped.pipeNumber() + " of this source has been dropped");
    }
    if (decided instanceof Handshake.Deposed) {
      return new Refused(
          Refusal.SHAKE_AGAIN,
          "%s, a later leader of this region, has shipped already: %s is deposed, or a living copy of one cluster: then restart it"
              .formatted(former.pipe().senderAddress(), NetUtil.toSocketAddressString(sender)));
    }
    if (decided instanceof Handshake.Overtaken) {
      return new Refused(
          Refusal.SHAKE_AGAIN,
          "%s has shipped more from this source than the log it speaks of has: it went on over another connection, or from a copy of its memory: then restart it"
              .formatted(NetUtil.toSocketAddressString(sender)));
    }
    Handshake.Start start = (Handshake.Start) decided;
    if (start.parted()) {
      if (living != null) {
        return twin(hello.source(), NetUtil.toSocketAddressString(living), sender);
      }
      if (!host.partings().accept(hello.source(), host.clock().nowMs())) {
        return twin(hello.source(), former.pipe().senderAddress(), sender);
      }
    }
    Ledger ledger =
        new Ledger(
            hello.source(),
            host.sessionNumbers().getAsLong(),
            hello.pipeNumber(),
            start.position(),
            start.cutBy(),
            hello.lineage(),
            ids,
            start.last(),
            new Ledger.PipeFacts(
                hello.pipeName(),
                hello.pipeCreatedAtMs(),
                sender.getAddress().getHostAddress(),
                database,
                true));
    if (!home.writeLedger(ledger, former == null ? 0 : former.session())) {
      return new Refused(Refusal.SHAKE_AGAIN, "another session wrote the ledger meanwhile");
    }
    return new Opened(home, timeline, start, ledger);
  }

  private static Refused twin(Source source, String other, InetSocketAddress sender) {
    return new Refused(
        Refusal.TWIN,
        "two senders with one cluster id: "
            + other
            + " and "
            + NetUtil.toSocketAddressString(sender)
            + " both send as region "
            + source.regionId()
            + " of cluster "
            + source.clusterId()
            + ", and their logs have parted; end one of them, the other is let in within "
            + Partings.WINDOW_MS / 60_000
            + " minutes");
  }
}
