package io.sluice.datanode.region.host;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.store.IncomingImage;
import io.sluice.datanode.region.store.MissingFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches the file of a committed LoadFile entry from whichever peer has it, and waits for as long
 * as nobody answers: the entry is in the log, so it can neither fail nor be passed over. {@link
 * #close} ends the wait.
 *
 * <p>Meanwhile this replica applies nothing, and may have been elected: then the region has no
 * leader. So nobody is waited for long at first; who needs longer to look for the file gets it in a
 * later round.
 */
final class PeerFiles implements MissingFiles, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerFiles.class);
  private static final long PAUSE_MS = 500;

  /** Doubles with each round, up to what a chunk takes on the slowest of networks. */
  private static final long PATIENCE_MS_MIN = 1_000;

  private static final long PATIENCE_MS_MAX = 60_000;

  /** Every so many rounds without the file it is looked whether it is needed still. */
  private static final int IMAGE_ROUNDS = 10;

  /** Not a character of a staged name. */
  private static final String PARTIAL_SUFFIX = "~fetch";

  private final UUID region;
  private final PeerReplicas peers;
  private final Supplier<List<Integer>> others;
  private final Supplier<IncomingImage> images;
  private final PeerOrder order = new PeerOrder();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private Thread fetching;
  private boolean closed;

  /**
   * @param others nodes that hold the region besides this one, the likeliest to answer first
   * @param images where an image of theirs goes
   */
  PeerFiles(
      UUID region,
      PeerReplicas peers,
      Supplier<List<Integer>> others,
      Supplier<IncomingImage> images) {
    this.region = region;
    this.peers = peers;
    this.others = others;
    this.images = images;
  }

  @Override
  public void fetch(long index, LogEntry.LoadFile load, Path target) throws IOException {
    enter();
    try {
      long patienceMs = PATIENCE_MS_MIN;
      for (int round = 1; ; round++) {
        List<Integer> nodes = order.of(others.get());
        if (nodes.isEmpty()) {
          MissingFiles.NOWHERE.fetch(index, load, target);
        }
        for (int node : nodes) {
          if (fetched(node, index, load, target, patienceMs)) {
            return;
          }
        }
        patienceMs = Math.min(patienceMs * 2, PATIENCE_MS_MAX);
        if (round % IMAGE_ROUNDS == 0) {
          copyImagePast(index, nodes);
        }
        pause();
      }
    } finally {
      leave();
    }
  }

  private boolean fetched(
      int node, long index, LogEntry.LoadFile load, Path target, long patienceMs)
      throws IOException {
    Path partial = target.resolveSibling(target.getFileName() + PARTIAL_SUFFIX);
    Files.deleteIfExists(partial);
    try {
      peers.copyLoadFile(
          region, node, load.stagedName(), load.lengthBytes(), load.crc32c(), partial, patienceMs);
    } catch (IOException e) {
      refuseWhenClosed();
      order.failed(node);
      if (patienceMs == PATIENCE_MS_MIN) {
        LOG.warn(
            "Region {}: the file of log entry {} is not to be had from DataNode {};"
                + " trying all replicas until one gives it",
            region,
            index,
            node,
            e);
      }
      return false;
    }
    Files.move(
        partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    DurableFiles.syncFolder(target.toAbsolutePath().getParent());
    LOG.info("Region {}: had the file of log entry {} from DataNode {}", region, index, node);
    return true;
  }

  /**
   * The others may have merged the file away. Then the entry is behind their durable images, and
   * this replica goes on from one of those.
   *
   * @throws IOException when an image is here: whoever opens the region next puts it in place
   */
  private void copyImagePast(long index, List<Integer> nodes) throws IOException {
    for (int node : nodes) {
      RegionImage image = null;
      try {
        IncomingImage incoming = images.get();
        peers.copyImage(region, node, incoming.begin());
        if (incoming.arrivedIndex() >= index) {
          image = incoming.publish();
        }
      } catch (IOException e) {
        refuseWhenClosed();
        LOG.debug("Region {}: no image from DataNode {}", region, node, e);
      }
      if (image != null) {
        throw new IOException(
            "the file of log entry "
                + index
                + " is merged into others by now; starting anew from DataNode "
                + node
                + "'s image as of "
                + image.index());
      }
    }
  }

  private void enter() throws IOException {
    lock.lock();
    try {
      refuseWhenClosed();
      fetching = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody interrupts the applying thread once it is out of here. */
  private void leave() {
    lock.lock();
    try {
      fetching = null;
      if (closed && Thread.interrupted()) {
        LOG.debug("Region {}: the wait for a file has ended", region);
      }
    } finally {
      lock.unlock();
    }
  }

  private void pause() throws IOException {
    lock.lock();
    try {
      refuseWhenClosed();
      if (closing.await(PAUSE_MS, TimeUnit.MILLISECONDS)) {
        refuseWhenClosed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for a file", e);
    } finally {
      lock.unlock();
    }
  }

  private void refuseWhenClosed() throws IOException {
    if (closed()) {
      throw new IOException("the region is closing while a file is waited for");
    }
  }

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Whoever waits in {@link #fetch} is told; nobody can fetch any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
      if (fetching != null) {
        fetching.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }
}
