package io.sluice.common.sync;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a receiving database knows of one source, kept in one of its regions (the home: the lowest
 * region id of the database). Its position lags behind what is applied; that costs a resend, never
 * a point.
 *
 * @param source whose ledger this is
 * @param session drawn anew at each handshake; only its own session may write a ledger
 * @param pipeNumber see {@link AppliedRecord#pipeNumber()}
 * @param position all of the source up to this index (inclusive) is applied in every target
 * @param cutBy the newest entry of the sender's log by which anything may have been cut out of what
 *     ends at or below the position; 0: nothing has been
 * @param lineage the sender's lineage as of the last handshake
 * @param targets the UUIDs of the regions that were targets, in region-id order
 * @param lastRecords the last record known to be applied, per target; a target without one is
 *     absent
 * @param pipe what SHOW PIPES on the receiver shows
 */
public record Ledger(
    Source source,
    long session,
    long pipeNumber,
    long position,
    long cutBy,
    Lineage lineage,
    List<UUID> targets,
    Map<UUID, AppliedRecord> lastRecords,
    PipeFacts pipe) {

  /**
   * @param name the pipe's name on its sender
   * @param createdAtMs the pipe's creation time on its sender, epoch milliseconds
   * @param senderAddress the sender's address as the receiver saw it, without port
   * @param database the database the source's rows go to
   * @param running false once the sender has said STOP
   */
  public record PipeFacts(
      String name, long createdAtMs, String senderAddress, String database, boolean running) {}

  public Ledger {
    targets = List.copyOf(targets);
    lastRecords = Map.copyOf(lastRecords);
  }
}
