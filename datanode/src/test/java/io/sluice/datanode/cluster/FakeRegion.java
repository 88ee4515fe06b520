package io.sluice.datanode.cluster;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionFigures;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.RegionView;
import io.sluice.datanode.region.ReplicaState;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A region that remembers what it is told and answers what it is made to answer. */
final class FakeRegion implements Region {
  final UUID id;
  final String database;
  final Path staging;
  final List<LogEntry> entries = new CopyOnWriteArrayList<>();
  final List<SeriesInfo> series = new CopyOnWriteArrayList<>();
  final List<Ledger> ledgers = new CopyOnWriteArrayList<>();
  final AtomicInteger openViews = new AtomicInteger();
  final List<DurableImage.Entry> image = new CopyOnWriteArrayList<>();
  final AtomicInteger openImages = new AtomicInteger();
  volatile boolean leads = true;
  volatile OptionalInt leader = OptionalInt.empty();
  volatile CompletableFuture<ApplyResult> barrier;
  volatile ApplyResult answer;
  volatile AppliedRecord record;
  volatile long droppedIndex;

  /** What a flush answers; null for the answer of a proposed seal. */
  volatile CompletableFuture<ApplyResult> flushes;

  FakeRegion(UUID id, String database, Path staging) {
    this.id = id;
    this.database = database;
    this.staging = staging;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public String database() {
    return database;
  }

  @Override
  public boolean leads() {
    return leads;
  }

  @Override
  public OptionalInt leader() {
    return leader;
  }

  @Override
  public CompletableFuture<ApplyResult> readBarrier() {
    CompletableFuture<ApplyResult> set = barrier;
    if (set != null) {
      return set;
    }
    return CompletableFuture.completedFuture(
        leads
            ? new ApplyResult.Applied(entries.size())
            : new ApplyResult.Unavailable(StatusCode.REGION_NOT_HERE, "does not lead"));
  }

  @Override
  public ReplicaState state() {
    return new ReplicaState(
        id, leads, 1, true, List.of(new RegionMember(1, "10.0.0.9", 10_760)), entries.size(), 0);
  }

  @Override
  public CompletableFuture<ApplyResult> propose(LogEntry entry) {
    entries.add(entry);
    ApplyResult set = answer;
    return CompletableFuture.completedFuture(
        set == null ? new ApplyResult.Applied(entries.size()) : set);
  }

  @Override
  public CompletableFuture<ApplyResult> flush() {
    CompletableFuture<ApplyResult> set = flushes;
    return set == null ? propose(new LogEntry.Seal()) : set;
  }

  @Override
  public RegionView view() {
    openViews.incrementAndGet();
    List<SeriesInfo> now = new ArrayList<>(series);
    return new RegionView() {
      private boolean closed;

      @Override
      public long appliedIndex() {
        return entries.size();
      }

      @Override
      public List<SeriesInfo> series(List<PathPattern> patterns) {
        return now.stream()
            .filter(info -> patterns.stream().anyMatch(p -> p.matches(info.key().path())))
            .toList();
      }

      @Override
      public Optional<SeriesInfo> series(SeriesKey key) {
        return now.stream().filter(info -> info.key().equals(key)).findFirst();
      }

      @Override
      public List<Memory> memory() {
        return List.of();
      }

      @Override
      public List<SealedFile> files() {
        return List.of();
      }

      @Override
      public List<Hidden> hidden(SeriesKey key) {
        return List.of();
      }

      @Override
      public long lastDeletion() {
        return 0;
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          openViews.decrementAndGet();
        }
      }
    };
  }

  @Override
  public void sealSoon() {}

  @Override
  public RegionFigures figures() {
    return new RegionFigures(0, 0, 0, 0, 0);
  }

  @Override
  public AppliedRecord record(Source source) {
    return record;
  }

  @Override
  public Ledger ledger(Source source) {
    return ledgers.stream().filter(l -> l.source().equals(source)).findFirst().orElse(null);
  }

  @Override
  public List<Ledger> ledgers() {
    return ledgers;
  }

  @Override
  public Set<Source> sources() {
    return Set.of();
  }

  @Override
  public Optional<DeletionAt> firstDeletionAfter(long index, UUID receiver) {
    return Optional.empty();
  }

  @Override
  public List<Resend> resends(long pipeNumber) {
    return List.of();
  }

  @Override
  public List<HeldSeries> held(long pipeNumber) {
    return List.of();
  }

  @Override
  public Lineage lineage() {
    return Lineage.EMPTY;
  }

  @Override
  public Optional<SealedFile> firstSealedAfter(long index) {
    return Optional.empty();
  }

  @Override
  public long droppedIndex() {
    return droppedIndex;
  }

  @Override
  public long lastDataIndex() {
    return 0;
  }

  @Override
  public long durableIndex() {
    return 0;
  }

  @Override
  public void onAdvance(Runnable listener) {}

  @Override
  public Path stagingFolder() {
    return staging;
  }

  @Override
  public void suspect(Path file) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<SealedFile> rotten() {
    return List.of();
  }

  @Override
  public Path replaceRotten(SealedFile rotten, Optional<SealedFile> made) {
    throw new UnsupportedOperationException();
  }

  @Override
  public DurableImage openImage() {
    openImages.incrementAndGet();
    return new DurableImage() {
      private boolean closed;

      @Override
      public List<Entry> entries() {
        return List.copyOf(image);
      }

      @Override
      public void close() {
        if (!closed) {
          closed = true;
          openImages.decrementAndGet();
        }
      }
    };
  }

  @Override
  public Optional<Path> loadFile(String stagedName, long lengthBytes, int crc32c)
      throws IOException {
    Path staged = staging.resolve(stagedName);
    return Files.isRegularFile(staged)
            && Files.size(staged) == lengthBytes
            && DurableFiles.crc32c(staged) == crc32c
        ? Optional.of(staged)
        : Optional.empty();
  }

  @Override
  public void close() {}
}
