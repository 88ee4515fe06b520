package io.sluice.datanode.region.store;

import io.sluice.common.status.StatusCode;
import io.sluice.common.sync.Route;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.ApplyResult.Applied;
import io.sluice.datanode.region.ApplyResult.Refused;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.compact.MergeOrders;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.DeviceSchema;
import io.sluice.datanode.region.image.EntryRules;
import io.sluice.datanode.region.image.RegionImage;
import io.sluice.datanode.region.image.SchemaDraft;
import io.sluice.datanode.region.manifest.Manifest;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import io.sluice.datanode.region.memtable.MalformedTabletException;
import io.sluice.datanode.region.memtable.MemTable;
import io.sluice.datanode.region.memtable.WrittenPoints;
import io.sluice.datanode.region.scrub.RepairWindow;
import io.sluice.datanode.tsfile.SealedFileMerger;
import io.sluice.datanode.tsfile.SealedFileWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * One region's state machine without Raft: applies entries in log order, closes ranges, makes them
 * durable. Three kinds of threads: one applies ({@link #apply}, {@link #passed}), one flushes
 * ({@link #flushNext}), any read.
 */
public final class RegionStore implements AutoCloseable {
  private final RegionFolder folder;
  private final DurableRegion disk;
  private final MemoryBudget memory;
  private final LoadedFiles loaded;
  private final SharedDevices shared = new SharedDevices();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final LongAdder ingestedPoints = new LongAdder();

  /** Guards everything below; held for moments, never over I/O. */
  private final Object lock = new Object();

  /** Changed under the lock only; the applying thread reads its own without. */
  private volatile RegionImage image;

  private MemTable open = new MemTable();
  private long openStart;
  private List<Change> changes = new ArrayList<>();
  private List<String> stagedNames = new ArrayList<>();
  private final Deque<SealedRange> sealing = new ArrayDeque<>();
  private boolean closing;
  private boolean closed;

  private RegionStore(
      RegionFolder folder,
      Manifest.Opened opened,
      SealedFileWriter writer,
      MemoryBudget memory,
      MissingFiles missing)
      throws IOException {
    this.folder = folder;
    this.image = opened.image();
    this.openStart = opened.image().index();
    this.memory = memory;
    this.disk = new DurableRegion(folder, opened, writer, new Ranges());
    this.loaded = new LoadedFiles(folder, missing, this::pendingStaged);
  }

  /** Makes an empty region's folder; durable on return. */
  public static void create(Path root, ManifestIdentity identity) throws IOException {
    Files.createDirectories(root);
    new RegionFolder(root).create();
    Manifest.create(root, identity).manifest().close();
  }

  /**
   * Opens what {@link #create} made, as of its last durable range; the log's later entries are to
   * be applied again. A peer's image that arrived whole is put in place first.
   *
   * @param memory counts memtable bytes of all regions of the node
   * @param missing asked for files that entries load and that are not here
   * @throws RegionRefusedException when the folder is not this region's, or a file is missing
   * @throws io.sluice.datanode.region.manifest.ManifestDamagedException naming file and offset
   */
  public static RegionStore open(
      Path root,
      UUID clusterId,
      UUID regionId,
      SealedFileWriter writer,
      MemoryBudget memory,
      MissingFiles missing)
      throws IOException {
    new IncomingImage(root, clusterId, regionId).putInPlace();
    RegionFolder folder = new RegionFolder(root);
    Manifest.Opened opened = Manifest.open(root, folder.files(), clusterId, regionId);
    try {
      folder.create();
      folder.reconcile(opened.image().files());
      return new RegionStore(folder, opened, writer, memory, missing);
    } catch (IOException | RuntimeException e) {
      opened.manifest().close();
      throw e;
    }
  }

  // ---------------------------------------------------------------- applying

  /**
   * Applies the entry at the next index.
   *
   * @param points the entry's points when they are worked out already, else null
   * @throws IOException when this node cannot carry out what the log says; nothing has changed and
   *     the region must stop
   */
  public ApplyResult apply(long term, long index, LogEntry entry, List<WrittenPoints> points)
      throws IOException {
    awaitFlusher();
    long dataBefore = image.lastDataIndex();
    ApplyResult result;
    if (entry instanceof LogEntry.InsertTablet || entry instanceof LogEntry.InsertRows) {
      result = insert(term, index, entry, points);
    } else if (entry instanceof LogEntry.Seal) {
      synchronized (lock) {
        advanceImage(term, index, image.lastDataIndex());
        closeRange();
      }
      result = new Applied(index);
    } else {
      result = decide(term, index, entry);
    }
    if (image.lastDataIndex() != dataBefore) {
      listeners.forEach(Runnable::run);
    }
    return result;
  }

  /** An index of the log that holds no entry of ours has been passed. */
  public void passed(long term, long index) {
    synchronized (lock) {
      if (index > image.index()) {
        advanceImage(term, index, image.lastDataIndex());
      }
    }
  }

  private ApplyResult insert(long term, long index, LogEntry entry, List<WrittenPoints> workedOut) {
    if (image.dropped()) {
      passed(term, index);
      return EntryRules.dropped();
    }
    List<WrittenPoints> written;
    try {
      written = workedOut != null ? workedOut : WrittenPoints.of(entry);
    } catch (MalformedTabletException e) {
      passed(term, index);
      return new Refused(StatusCode.ILLEGAL_PARAMETER, e.getMessage());
    }
    SchemaDraft draft = new SchemaDraft(image.schema(), DeviceSchema.HERE);
    for (WrittenPoints series : written) {
      Refused refusal = draft.require(series.device(), series.aligned(), series.spec());
      if (refusal != null) {
        passed(term, index);
        return refusal;
      }
    }
    List<Change> created = draft.changes();
    long bytesBefore = open.bytes();
    long pointsBefore = open.points();
    for (WrittenPoints series : written) {
      if (series.run() != null) {
        var spec = draft.spec(series.device(), series.spec().measurement());
        open.append(new SeriesInfo(series.device(), series.aligned(), spec), series.run(), index);
      }
    }
    open.countRows(rows(entry));
    memory.take(open.bytes() - bytesBefore);
    long points = open.points() - pointsBefore;
    ingestedPoints.add(points);
    boolean data = points > 0 || !created.isEmpty();
    synchronized (lock) {
      replay(created);
      advanceImage(term, index, data ? index : image.lastDataIndex());
    }
    return new Applied(index);
  }

  private static int rows(LogEntry entry) {
    return entry instanceof LogEntry.InsertTablet tablet
        ? tablet.rows()
        : ((LogEntry.InsertRows) entry).rows().size();
  }

  private ApplyResult decide(long term, long index, LogEntry entry) throws IOException {
    EntryRules.Decision decision = EntryRules.decide(image, index, entry);
    List<Change> decided = new ArrayList<>(decision.changes());
    if (entry instanceof LogEntry.LoadFile load && decision.changesData()) {
      decided.add(new Change.FileAdded(loaded.link(index, load)));
    }
    boolean holdsRows =
        decision.devices().stream().anyMatch(open::holds) || decision.sealsAll() && !open.empty();
    synchronized (lock) {
      if (holdsRows) {
        closeRange();
      }
      replay(decided);
      advanceImage(term, index, decision.changesData() ? index : image.lastDataIndex());
      if (entry instanceof LogEntry.LoadFile load && decision.changesData()) {
        stagedNames.add(load.stagedName());
      }
    }
    if (entry instanceof LogEntry.LoadFile load) {
      if (decision.changesData()) {
        UUID bringer = load.source().clusterId();
        return new Applied(index, shared.brought(bringer, decision.devices(), image.schema()));
      }
      loaded.refused(load, decision.result());
    } else if (entry instanceof LogEntry.FileOrder order) {
      disk.merges().orders().add(index, order);
    }
    return decision.result();
  }

  private Set<String> pendingStaged() {
    synchronized (lock) {
      Set<String> names = new HashSet<>(stagedNames);
      sealing.forEach(range -> names.addAll(range.stagedNames()));
      return names;
    }
  }

  private void replay(List<Change> decided) {
    image = image.replay(decided);
    changes.addAll(decided);
  }

  private void advanceImage(long term, long index, long lastDataIndex) {
    image = image.replay(new Change.Advanced(term, index, lastDataIndex));
  }

  /** Closes the open range at the image's index. */
  private void closeRange() {
    sealing.add(new SealedRange(openStart, image, open, changes, stagedNames));
    openStart = image.index();
    open = new MemTable();
    changes = new ArrayList<>();
    stagedNames = new ArrayList<>();
  }

  /** Applying outruns the flusher only so far; it never waits for an entry still in the log. */
  private void awaitFlusher() throws IOException {
    synchronized (lock) {
      while (sealing.size() > RANGES_SEALING_MAX && !closing) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted while waiting for a flush", e);
        }
      }
      if (closed) {
        throw new IOException("the region is closed");
      }
    }
  }

  /** Closed ranges that may wait for the flusher. */
  private static final int RANGES_SEALING_MAX = 3;

  // ---------------------------------------------------------------- flushing

  /** Whether a closed range waits to be made durable. */
  public boolean flushWaits() {
    synchronized (lock) {
      return !sealing.isEmpty();
    }
  }

  /**
   * Makes the oldest closed range durable: its file, then the manifest. Only the flusher calls
   * this.
   *
   * @return false when there was none
   * @throws IOException when it could not; nothing is lost, try again later
   */
  public boolean flushNext() throws IOException {
    List<String> stagedNames = disk.flushNext();
    if (stagedNames == null) {
      return false;
    }
    loaded.durable(stagedNames);
    listeners.forEach(Runnable::run);
    return true;
  }

  // ---------------------------------------------------------------- merging files

  /** Whether a merge was ordered and is not done. */
  public boolean mergeOrdered() {
    return !disk.merges().orders().isEmpty();
  }

  /** Whether the ranges of the next merge are durable here. */
  public boolean mergeWaits() {
    return disk.merges().due(durable());
  }

  /**
   * Takes one step of what was ordered: files become fewer. Takes as long as it takes; {@link
   * #beginClose} calls it off. One thread at a time.
   *
   * @param removed told of each file that is no more, by whoever read it last
   * @return false when there was nothing to do
   * @throws IOException when it could not; nothing has changed, try again later
   */
  public boolean mergeNext(SealedFileMerger merger, Consumer<Path> removed) throws IOException {
    return mergeNext(merger, removed, () -> {});
  }

  /** The next merge cannot be done, now or later: its files stay as they are. */
  public void passOverMerge() {
    MergeOrders orders = disk.merges().orders();
    orders.done(orders.first());
  }

  /**
   * @param step runs between any two changes on disk, for tests to stop at
   */
  boolean mergeNext(SealedFileMerger merger, Consumer<Path> removed, Runnable step)
      throws IOException {
    return disk.mergeNext(merger, removed, step);
  }

  /** Where a peer's files arrive that are to take the place of damaged ones. */
  public FileReplacement replacement() {
    return disk.replacement();
  }

  /**
   * Files of a peer that have arrived take the place of damaged ones: durable, then visible, then
   * the damaged ones go. Waits for a merge under way.
   *
   * @param removed as with {@link #mergeNext}
   * @return false when the files are others by now; nothing has changed
   * @throws IOException when it could not; nothing has changed
   */
  public boolean replace(RepairWindow window, Consumer<Path> removed) throws IOException {
    return replace(window, removed, () -> {});
  }

  /**
   * See {@link io.sluice.datanode.region.Region#replaceRotten}.
   *
   * @param removed as with {@link #mergeNext}
   */
  public Path replaceRotten(SealedFile rotten, Optional<SealedFile> made, Consumer<Path> removed)
      throws IOException {
    Path kept = folder.keepRotten(rotten.path());
    if (!replace(new RepairWindow(List.of(rotten), made.stream().toList()), removed)) {
      Files.deleteIfExists(kept);
      throw new IOException(rotten.path() + " is not part of the region any more");
    }
    return kept;
  }

  /**
   * @param step runs between any two changes on disk, for tests to stop at
   */
  boolean replace(RepairWindow window, Consumer<Path> removed, Runnable step) throws IOException {
    return disk.replace(window, removed, step);
  }

  // ---------------------------------------------------------------- reading

  public RegionView view() {
    FilePins.Pin pin = disk.pins().pin();
    synchronized (lock) {
      List<RegionView.Memory> tables = new ArrayList<>(sealing.size() + 1);
      for (SealedRange range : sealing) {
        tables.add(new StoreView.Points(range.points(), range.pointsEnd(), range.end()));
      }
      tables.add(new StoreView.Points(open, Long.MAX_VALUE, image.index()));
      return new StoreView(image, List.copyOf(tables), pin);
    }
  }

  /** The region as of the last applied entry. */
  public RegionImage image() {
    synchronized (lock) {
      return image;
    }
  }

  /** The region as of its last durable range. */
  public RegionImage durable() {
    return disk.image();
  }

  /** See {@link io.sluice.datanode.region.Region#firstSealedAfter}. */
  public Optional<SealedFile> firstSealedAfter(long index) {
    RegionImage now = durable();
    Optional<SealedFile> file = now.firstFileAfter(index);
    if (file.isEmpty() && now.index() > index) {
      TimeRange none = new TimeRange(Long.MAX_VALUE, Long.MIN_VALUE);
      return Optional.of(new SealedFile(index, now.index(), null, 0, 0, none, Route.HERE));
    }
    return file;
  }

  /** See {@link io.sluice.datanode.region.Region#openImage}. */
  public DurableImage openImage() throws IOException {
    return disk.openImage();
  }

  /** What is not in a closed range yet. */
  public Unsealed unsealed() {
    synchronized (lock) {
      boolean data = image.lastDataIndex() > Math.max(0, openStart);
      return new Unsealed(
          open.bytes(), data, data || !changes.isEmpty(), stagedNames.size(), openStart);
    }
  }

  /**
   * @param memtableBytes of the open memtable
   * @param data whether points or schema changed
   * @param anything whether anything changed that the manifest does not have yet
   * @param loadedFiles that the manifest does not list yet: no merge takes them
   * @param after end of the last closed range
   */
  public record Unsealed(
      long memtableBytes, boolean data, boolean anything, int loadedFiles, long after) {}

  /** Open memtable and those being written. */
  public long memtableBytes() {
    synchronized (lock) {
      return open.bytes() + sealing.stream().mapToLong(range -> range.points().bytes()).sum();
    }
  }

  public long ingestedPoints() {
    return ingestedPoints.sum();
  }

  public ManifestIdentity identity() {
    return disk.identity();
  }

  public RegionFolder folder() {
    return folder;
  }

  /** See {@link io.sluice.datanode.region.Region#onAdvance}. */
  public void onAdvance(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Whether the file of a LoadFile entry is staged whole. Every byte is looked at: once the entry
   * is in the log, a region with another file cannot go on.
   */
  public boolean staged(LogEntry.LoadFile load) throws IOException {
    return loaded.staged(load);
  }

  /** See {@link io.sluice.datanode.region.Region#loadFile}. */
  public Optional<Path> loadFile(String stagedName, long lengthBytes, int crc32c)
      throws IOException {
    return loaded.find(image(), stagedName, lengthBytes, crc32c);
  }

  /**
   * The log has been replayed: removes staged files that no entry of it waits for. Call it before
   * anything new is proposed.
   */
  public void goLive() throws IOException {
    loaded.goLive();
  }

  /** Waits for readers to let go of the files, at most {@code waitMs}. */
  public boolean awaitReaders(long waitMs) throws InterruptedException {
    return disk.pins().awaitNone(waitMs);
  }

  /** Applying waits for the flusher no more: what is committed is applied, then {@link #close}. */
  public void beginClose() {
    synchronized (lock) {
      closing = true;
      lock.notifyAll();
    }
  }

  /**
   * Stops; what is not durable yet is in the log. Threads blocked in here return, a range that is
   * just being made durable is waited for, a merge is called off.
   */
  @Override
  public void close() throws IOException {
    beginClose();
    disk.close(
        () -> {
          synchronized (lock) {
            closed = true;
            lock.notifyAll();
          }
          memory.giveBack(memtableBytes());
        });
  }

  /** What the disk needs of the memory. */
  private final class Ranges implements DurableRegion.Memory {
    @Override
    public SealedRange oldestRange() {
      synchronized (lock) {
        return sealing.peek();
      }
    }

    /** A reader sees the points exactly once. */
    @Override
    public void flushed(SealedRange range, SealedFile written) {
      synchronized (lock) {
        if (written != null) {
          image = image.replay(new Change.FileAdded(written));
        }
        sealing.remove();
        lock.notifyAll();
      }
      memory.giveBack(range.points().bytes());
    }

    @Override
    public void merged(Change.FilesMerged change) {
      synchronized (lock) {
        image = image.replay(change);
      }
    }

    @Override
    public RegionImage image() {
      return RegionStore.this.image();
    }

    @Override
    public boolean closing() {
      synchronized (lock) {
        return closing;
      }
    }
  }
}
