package io.sluice.datanode.tsfile;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Weigher;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.IChunkMetadata;
import org.apache.tsfile.utils.Binary;

/**
 * Reads sealed files through caches, each bounded by bytes: index entries by device, positions of
 * pages by chunk, decoded pages. A file is compared with its checksum before the first byte of it
 * is interpreted: the library allocates whatever lengths it reads. A file that cannot be read or is
 * not what was written is a {@link StatusException} that names it. Thread-safe.
 */
public final class SealedFileReader implements AutoCloseable {
  private static final int READ_ATTEMPTS_MAX = 100;

  private static final int ENTRY_BYTES = 96;
  private static final int PAGE_ENTRY_BYTES = 48;
  private static final int CHUNK_ENTRY_BYTES = 112;
  private static final int BINARY_BYTES = 40;

  private final OpenFiles files;
  private volatile Consumer<Path> damage = path -> {};
  private final Cache<DeviceOfFile, Map<String, List<ChunkSpan>>> indexes;
  private final Cache<OffsetInFile, ChunkLayout> layouts;
  private final Cache<OffsetInFile, PointBatch> pages;

  private record DeviceOfFile(FileKey file, String device) {}

  private record OffsetInFile(FileKey file, long offset) {}

  private interface Load<T> {
    T from(OpenTsFile file) throws IOException;
  }

  public SealedFileReader(ReadCacheOptions options) {
    files = new OpenFiles(options.openFilesMax(), options.verify());
    indexes =
        cache(
            options.indexBytesMax(),
            (key, value) -> {
              int bytes = ENTRY_BYTES + 2 * key.device().length();
              for (Map.Entry<String, List<ChunkSpan>> series : value.entrySet()) {
                bytes +=
                    ENTRY_BYTES
                        + series.getKey().length()
                        + series.getValue().size() * CHUNK_ENTRY_BYTES;
              }
              return bytes;
            });
    layouts =
        cache(
            options.layoutBytesMax(),
            (key, value) -> 2 * ENTRY_BYTES + value.pages().size() * PAGE_ENTRY_BYTES);
    pages = cache(options.pageBytesMax(), (key, value) -> bytesOf(value));
  }

  private static <K, V> Cache<K, V> cache(long bytesMax, Weigher<K, V> weigher) {
    return Caffeine.newBuilder()
        .maximumWeight(bytesMax)
        .weigher(weigher)
        .executor(Runnable::run)
        .recordStats()
        .build();
  }

  private static int bytesOf(PointBatch points) {
    int bytes = ENTRY_BYTES + points.count() * Long.BYTES;
    if (points.values() instanceof Binary[] binaries) {
      for (int i = 0; i < points.count(); i++) {
        bytes += BINARY_BYTES + binaries[i].getLength();
      }
      return bytes;
    }
    return switch (points.type()) {
      case BOOLEAN -> bytes + points.count();
      case INT32, DATE, FLOAT -> bytes + points.count() * Integer.BYTES;
      default -> bytes + points.count() * Long.BYTES;
    };
  }

  /**
   * The chunks of a series in a file, by ascending time; empty when it has none.
   *
   * @throws StatusException when the file cannot be read or is damaged
   */
  public List<ChunkSpan> chunks(FileKey file, SeriesKey series) throws StatusException {
    DeviceOfFile key = new DeviceOfFile(file, series.device());
    Map<String, List<ChunkSpan>> device = indexes.getIfPresent(key);
    if (device == null) {
      device = load(file, open -> spans(open, file, series.device()));
      indexes.put(key, device);
    }
    return device.getOrDefault(series.measurement(), List.of());
  }

  private static Map<String, List<ChunkSpan>> spans(OpenTsFile open, FileKey file, String device)
      throws IOException {
    DeviceIndex index = DeviceIndex.read(open, DeviceIds.of(device));
    Map<String, List<ChunkSpan>> spans = new HashMap<>();
    List<ChunkFacts> rounds = index.times().stream().map(ChunkFacts::of).toList();
    for (DeviceIndex.Series series : index.series()) {
      List<ChunkSpan> own = new ArrayList<>(series.chunks().size());
      for (IChunkMetadata chunk : series.chunks()) {
        ChunkFacts rows = index.aligned() ? rounds.get(index.roundOf(open, chunk)) : null;
        own.add(new ChunkSpan(file, series.type(), ChunkFacts.of(chunk), rows));
      }
      spans.put(series.measurement(), List.copyOf(own));
    }
    return spans;
  }

  /**
   * The pages of a chunk; their points are not read yet.
   *
   * @throws StatusException when the file cannot be read or is damaged
   */
  public ChunkPages pages(ChunkSpan chunk) throws StatusException {
    return new ChunkPages(this, chunk, layout(chunk.file(), chunk.values()));
  }

  ChunkLayout layout(FileKey file, ChunkFacts chunk) throws StatusException {
    OffsetInFile key = new OffsetInFile(file, chunk.offset());
    ChunkLayout layout = layouts.getIfPresent(key);
    if (layout == null) {
      layout = load(file, open -> ChunkLayout.read(open, chunk));
      layouts.put(key, layout);
    }
    return layout;
  }

  /**
   * Points of page {@code number}.
   *
   * @param rowLayout of the time chunk, null unless the device is aligned
   */
  PointBatch page(ChunkSpan chunk, ChunkLayout layout, ChunkLayout rowLayout, int number)
      throws StatusException {
    FileKey file = chunk.file();
    ChunkLayout.Page page = layout.pages().get(number);
    OffsetInFile key = new OffsetInFile(file, page.offset());
    PointBatch points = pages.getIfPresent(key);
    if (points != null) {
      return points;
    }
    if (rowLayout == null) {
      points = load(file, open -> PageDecoder.points(open, layout.header(), page));
    } else {
      PointBatch rows = rows(file, layout, rowLayout, number);
      points = load(file, open -> PageDecoder.points(open, layout.header(), page, rows.times()));
    }
    pages.put(key, points);
    return points;
  }

  private PointBatch rows(FileKey file, ChunkLayout layout, ChunkLayout rowLayout, int number)
      throws StatusException {
    if (rowLayout.pages().size() != layout.pages().size()) {
      throw damaged(
          new DamagedFileException(
              file.path(), "values and times before " + layout.bodyOffset() + " do not match"));
    }
    ChunkLayout.Page page = rowLayout.pages().get(number);
    OffsetInFile key = new OffsetInFile(file, page.offset());
    PointBatch rows = pages.getIfPresent(key);
    if (rows == null) {
      long[] times = load(file, open -> PageDecoder.times(open, rowLayout.header(), page));
      rows = new PointBatch(TSDataType.INT64, times, times, times.length);
      pages.put(key, rows);
    }
    return rows;
  }

  private <T> T load(FileKey file, Load<T> load) throws StatusException {
    for (int attempt = 1; ; attempt++) {
      try {
        return files.read(file, load::from);
      } catch (DamagedFileException e) {
        throw damaged(e);
      } catch (ClosedChannelException e) {
        // Another thread's interrupt closes the file under all who read it: open it again.
        if (Thread.currentThread().isInterrupted() || attempt == READ_ATTEMPTS_MAX) {
          throw unreadable(file, e);
        }
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }
  }

  private static StatusException unreadable(FileKey file, IOException e) {
    return new StatusException(
        StatusCode.INTERNAL_ERROR, "file " + file.path() + " cannot be read: " + e, e);
  }

  private StatusException damaged(DamagedFileException e) {
    damage.accept(e.path());
    return new StatusException(StatusCode.INTERNAL_ERROR, e.getMessage(), e);
  }

  /** From now on told of each file that is found damaged; must not block. */
  public void reportDamageTo(Consumer<Path> told) {
    damage = told;
  }

  /** Lets go of a file that is about to be removed. Cached parts of it age away. */
  public void forget(Path path) {
    files.forget(path);
  }

  public ReadCacheStats stats() {
    return new ReadCacheStats(part(indexes), part(layouts), part(pages), files.count());
  }

  private static ReadCacheStats.Part part(Cache<?, ?> cache) {
    var stats = cache.stats();
    long bytes =
        cache.policy().eviction().map(eviction -> eviction.weightedSize().orElse(0)).orElse(0L);
    return new ReadCacheStats.Part(
        stats.hitCount(), stats.missCount(), stats.evictionCount(), bytes);
  }

  @Override
  public void close() {
    files.close();
    indexes.invalidateAll();
    layouts.invalidateAll();
    pages.invalidateAll();
  }
}
