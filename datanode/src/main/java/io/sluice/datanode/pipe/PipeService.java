package io.sluice.datanode.pipe;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.datanode.cluster.Expiry;
import io.sluice.datanode.cluster.LocalRegions;
import io.sluice.datanode.cluster.PipeControl;
import io.sluice.datanode.region.compact.PipeFloor;
import io.sluice.datanode.region.compact.PipeFloors;
import io.sluice.datanode.rpc.ProtocolSwitch;
import io.sluice.datanode.verify.Receiver;
import io.sluice.datanode.verify.RowsFiles;
import io.sluice.sync.receiver.SyncReceiver;
import io.sluice.sync.receiver.WhiteList;
import io.sluice.sync.receiver.port.SenderUsers;
import io.sluice.sync.sender.FeedReport;
import io.sluice.sync.sender.SyncSender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's pipes: its senders, its receiver, and the table that says what to do. Composition root
 * of this package; made after the regions, closed before them.
 */
public final class PipeService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("sync.pipes");

  /** How soon a region that comes to be led here joins the running pipes. */
  private static final long WATCH_MS = 200;

  private static final int LOADERS = 4;
  private static final long CLOSE_WAIT_MS = 5_000;

  private final SyncReceiver receiver;
  private final ExecutorService loaders;
  private final SyncSender sender;
  private final RegionSources sources;
  private final OutgoingRows outgoingRows;
  private final PipeTableHolder table;
  private final ScheduledExecutorService watch;

  /**
   * Resumes the pipes that ran when the node went down.
   *
   * @throws IOException when the folder cannot be used or the stored pipe table is damaged
   */
  public PipeService(
      PipeServiceOptions options,
      LocalRegions localRegions,
      ClusterRegions clusterRegions,
      ConfigNodeClient configNode,
      TsFileTools files,
      SenderUsers users,
      Expiry expiry,
      MonotonicClock clock)
      throws IOException {
    Path outgoing = emptied(options.folder().resolve("outgoing"));
    Path parts = emptied(options.folder().resolve("parts"));
    loaders = Executors.newFixedThreadPool(LOADERS, task -> daemon(task, "sync-loader"));
    receiver =
        new SyncReceiver(
            options.receiver(),
            options.whiteList(),
            options.folder().resolve("staging"),
            new CatalogTargets(clusterRegions, configNode, clock, parts),
            new TsFileSplitter(clusterRegions, files.cutter(), parts, loaders),
            users,
            clock);
    RejoinPiece pieces = new RejoinPiece(files.reader(), files.writer());
    outgoingRows = new OutgoingRows(pieces, outgoing);
    sources =
        new RegionSources(
            options.clusterId(),
            localRegions,
            files.cutter(),
            pieces,
            expiry,
            new ShippingOrder(clusterRegions::catalog),
            outgoing);
    sources.poll();
    sender = new SyncSender(options.sender(), sources, clock);
    table = openTable(options, clock);
    watch = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "sync-watch"));
    watch.scheduleWithFixedDelay(this::watch, WATCH_MS, WATCH_MS, TimeUnit.MILLISECONDS);
  }

  private PipeTableHolder openTable(PipeServiceOptions options, MonotonicClock clock)
      throws IOException {
    try {
      return PipeTableHolder.open(sender, options.folder().resolve("pipes"), clock);
    } catch (IOException e) {
      sender.close();
      receiver.close();
      loaders.shutdown();
      throw e;
    }
  }

  private static Path emptied(Path folder) throws IOException {
    DurableFiles.deleteTree(folder);
    return Files.createDirectories(folder);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void watch() {
    try {
      sources.poll();
      table.checkConfirmation();
    } catch (RuntimeException e) {
      LOG.error("watching the regions failed; it goes on", e);
    }
  }

  /** For the internal service. */
  public PipeControl control() {
    return table;
  }

  /** How the receivers of the pipes known here are asked what they hold. */
  public Receiver.Reaching receivers() {
    return new PipeReceivers(sources.clusterId(), sender);
  }

  /** What is sent for receivers' rotten files is made with it. */
  public RowsFiles rowsFiles() {
    return outgoingRows;
  }

  /** For the client port. */
  public ProtocolSwitch protocolSwitch() {
    return new ProtocolSwitch.Sync(Opening.MAGIC, channel -> receiver.install(channel.pipeline()));
  }

  /** LOAD CONFIGURATION: both take effect at once. */
  public void reload(WhiteList whiteList, int retriesMax) {
    receiver.replaceWhiteList(whiteList);
    sender.retriesMax(retriesMax);
  }

  /** How far each pipe has come in a region; see {@link PipeFloors}. */
  public Optional<List<PipeFloor>> floors(UUID region) {
    if (!table.inForce()) {
      return Optional.empty();
    }
    return Optional.of(
        sender.shipped(region).stream()
            .map(one -> new PipeFloor(one.position(), one.begunTo(), one.deletions()))
            .toList());
  }

  /** Per pipe and region led here, for metrics. */
  public List<FeedReport> reports() {
    return sender.reports();
  }

  public SyncReceiver receiver() {
    return receiver;
  }

  @Override
  public void close() {
    watch.shutdown();
    sender.close();
    receiver.close();
    loaders.shutdown();
    try {
      if (!loaders.awaitTermination(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("parts are still being loaded");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
