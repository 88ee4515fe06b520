package io.sluice.datanode.region.host;

import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Has a majority of a region's replicas stage the file of a LoadFile entry before it is proposed: a
 * committed entry's file must not be lost with one node. Thread-safe.
 */
final class FileSpread {
  private static final Logger LOG = LoggerFactory.getLogger(FileSpread.class);

  private final UUID region;
  private final PeerReplicas peers;
  private final Executor copies;

  /**
   * @param copies runs one blocking call each
   */
  FileSpread(UUID region, PeerReplicas peers, Executor copies) {
    this.region = region;
    this.peers = peers;
    this.copies = copies;
  }

  /**
   * Returns when a majority has the file, this node among them: the others stage it at the same
   * time, and whoever is down does not matter, nor keeps a thread that the next file needs.
   *
   * @param others the other members' nodes; nothing is done without any
   * @param waitMs at most this long
   * @return false when no majority has it in time
   */
  boolean toMajority(LogEntry.LoadFile load, List<Integer> others, long waitMs)
      throws InterruptedException {
    int needed = (others.size() + 1) / 2;
    if (needed == 0) {
      return true;
    }
    int spare = others.size() - needed;
    CountDownLatch staged = new CountDownLatch(needed);
    CountDownLatch failed = new CountDownLatch(spare + 1);
    CountDownLatch decided = new CountDownLatch(1);
    BooleanSupplier wanted = () -> decided.getCount() > 0;
    for (int node : others) {
      try {
        copies.execute(
            () -> {
              CountDownLatch counted = staged(node, load, wanted) ? staged : failed;
              counted.countDown();
              if (staged.getCount() == 0 || failed.getCount() == 0) {
                decided.countDown();
              }
            });
      } catch (RejectedExecutionException e) {
        LOG.debug("Region {}: no thread is free to have a file staged", region, e);
        failed.countDown();
      }
    }
    try {
      return failed.getCount() > 0
          && decided.await(waitMs, TimeUnit.MILLISECONDS)
          && staged.getCount() == 0;
    } finally {
      decided.countDown();
    }
  }

  private boolean staged(int node, LogEntry.LoadFile load, BooleanSupplier wanted) {
    try {
      peers.stageAt(region, node, load.stagedName(), load.lengthBytes(), load.crc32c(), wanted);
      return true;
    } catch (IOException e) {
      LOG.atLevel(wanted.getAsBoolean() ? Level.INFO : Level.DEBUG)
          .log(
              "Region {}: DataNode {} does not stage {}: {}",
              region,
              node,
              load.stagedName(),
              e.toString());
      return false;
    }
  }
}
