package io.sluice.datanode.cluster;

import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.ReceivedPipe;
import io.sluice.common.sync.Ledger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The receiving side's rows of SHOW PIPES: many ledgers (one per region of the sender) become one
 * row per pipe, sender address and database. Pure.
 */
final class ReceivedPipes {
  private static final Comparator<ReceivedPipe> BY_CREATION =
      Comparator.comparingLong(ReceivedPipe::getCreatedAtMs)
          .thenComparing(ReceivedPipe::getName)
          .thenComparing(ReceivedPipe::getSenderAddress)
          .thenComparing(ReceivedPipe::getDatabase);

  private ReceivedPipes() {}

  private record Key(String name, String senderAddress, String database) {}

  /**
   * @param refused whether that sender is not let in any more: a pipe that it runs is in trouble
   */
  static ReceivedPipe of(Ledger ledger, boolean refused) {
    Ledger.PipeFacts pipe = ledger.pipe();
    return new ReceivedPipe(
        pipe.name(),
        pipe.createdAtMs(),
        pipe.senderAddress(),
        pipe.running() ? PipeStatus.RUNNING : PipeStatus.STOP,
        pipe.database(),
        refused && pipe.running() ? PipeHealth.ERROR : PipeHealth.NORMAL);
  }

  /**
   * One row per pipe, by creation time. Of a pipe that was re-created only the younger counts; a
   * pipe runs while any of its senders does, and is as ill as the worst.
   */
  static List<ReceivedPipe> merge(Collection<ReceivedPipe> rows) {
    Map<Key, ReceivedPipe> merged = new LinkedHashMap<>();
    for (ReceivedPipe row : rows) {
      Key key = new Key(row.getName(), row.getSenderAddress(), row.getDatabase());
      merged.merge(key, row, ReceivedPipes::merge);
    }
    List<ReceivedPipe> sorted = new ArrayList<>(merged.values());
    sorted.sort(BY_CREATION);
    return sorted;
  }

  private static ReceivedPipe merge(ReceivedPipe one, ReceivedPipe other) {
    if (one.getCreatedAtMs() != other.getCreatedAtMs()) {
      return one.getCreatedAtMs() > other.getCreatedAtMs() ? one : other;
    }
    ReceivedPipe both = new ReceivedPipe(one);
    if (other.getStatus() == PipeStatus.RUNNING) {
      both.setStatus(PipeStatus.RUNNING);
    }
    if (other.getHealth().getValue() > one.getHealth().getValue()) {
      both.setHealth(other.getHealth());
    }
    return both;
  }
}
