package io.sluice.datanode.region.host;

import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.scrub.DamagedFiles;
import io.sluice.datanode.region.scrub.RepairWindow;
import io.sluice.datanode.region.store.FileReplacement;
import io.sluice.datanode.region.store.RegionStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the range of a damaged file from another replica of its region: the peer's manifest first,
 * then those of its files that stand for ours. Every byte is compared with that manifest before it
 * counts. Blocks for as long as a copy takes; one at a time.
 */
final class FileRepair {
  private static final Logger LOG = LoggerFactory.getLogger(FileRepair.class);

  private final PeerReplicas peers;
  private final DamagedFiles damaged;
  private final Consumer<Path> removed;

  /**
   * @param removed told of the damaged file once it is no more
   */
  FileRepair(PeerReplicas peers, DamagedFiles damaged, Consumer<Path> removed) {
    this.peers = peers;
    this.damaged = damaged;
    this.removed = removed;
  }

  /**
   * @param whence of a file that is repaired: the node that had it
   * @param whyNot null when it is repaired
   * @param nowhereElse whether every other replica says that it does not have it either
   */
  record Outcome(int whence, String whyNot, boolean nowhereElse) {
    boolean repaired() {
      return whyNot == null;
    }
  }

  /**
   * Asks the other replicas one after another.
   *
   * @param store which has the file
   * @throws InterruptedIOException when it was told to stop
   */
  Outcome repair(RegionStore store, List<Integer> others, SealedFile file)
      throws InterruptedIOException {
    if (others.isEmpty()) {
      return new Outcome(0, "no other replica has it", true);
    }
    List<String> refusals = new ArrayList<>();
    int without = 0;
    for (int node : others) {
      try {
        if (from(node, store, file)) {
          return new Outcome(node, null, false);
        }
        refusals.add("DataNode " + node + ": its files do not reach so far yet");
      } catch (PeerReplicas.NotGivenException e) {
        without++;
        refusals.add("DataNode " + node + ": " + e.getMessage());
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("the node is closing");
        }
        LOG.debug("{} is not to be had from DataNode {}", file.path(), node, e);
        refusals.add("DataNode " + node + ": " + e.getMessage());
      }
    }
    return new Outcome(0, String.join("; ", refusals), without == others.size());
  }

  private boolean from(int node, RegionStore store, SealedFile file) throws IOException {
    FileReplacement arriving = store.replacement();
    Path into = arriving.begin();
    try {
      AtomicReference<Optional<RepairWindow>> chosen = new AtomicReference<>(Optional.empty());
      peers.copyPart(
          store.identity().regionId(),
          node,
          into,
          () -> {
            RegionImage theirs = arriving.arrived();
            chosen.set(
                RepairWindow.of(file, store.durable(), theirs, our -> damaged.holds(our.path())));
            return chosen.get().map(window -> names(into, window)).orElse(Set.of());
          });
      Optional<RepairWindow> window = chosen.get();
      if (window.isEmpty()) {
        return false;
      }
      if (!store.replace(window.get(), removed)) {
        throw new IOException("files were merged meanwhile");
      }
      window.get().ours().forEach(gone -> damaged.gone(gone.path()));
      return true;
    } finally {
      arriving.clear();
    }
  }

  private static Set<String> names(Path into, RepairWindow window) {
    Set<String> names = new HashSet<>();
    for (SealedFile file : window.theirs()) {
      names.add(into.relativize(file.path()).toString().replace('\\', '/'));
    }
    return names;
  }
}
