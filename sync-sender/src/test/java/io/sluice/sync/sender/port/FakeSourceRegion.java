package io.sluice.sync.sender.port;

import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.frame.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * A region in memory: each point is a log entry, a sealed range is a text file of lines {@code
 * device time value}.
 */
public final class FakeSourceRegion implements SourceRegion {
  /** Whether pipes ship it. */
  public volatile boolean shipped = true;

  private final UUID id = UUID.randomUUID();
  private final String database;
  private final Path folder;
  private final Runnable advanced;
  private final List<Point> log = new ArrayList<>();
  private final NavigableMap<Long, Sealed> sealed = new TreeMap<>();
  private Lineage lineage = Lineage.EMPTY.with(1, 7_001);
  private final Map<Long, Map<String, Held>> held = new HashMap<>();
  private final NavigableMap<Long, String> deletions = new TreeMap<>();
  private boolean sealsWhenAsked = true;
  private int failingOpens;
  private volatile Runnable beforeOpens = () -> {};
  private int openFiles;

  /** One point; null device stands for an entry that holds no points. */
  public record Point(String device, long time, String value) {}

  private record Sealed(long start, long end, List<Point> points) {}

  /**
   * A device held back.
   *
   * @param rejoin 0 while nobody has asked for it
   */
  private record Held(long since, long rejoin) {
    boolean leftOutOf(long end) {
      return end >= since && (rejoin == 0 || end < rejoin);
    }
  }

  /**
   * @param advanced run after each change
   */
  public FakeSourceRegion(String database, Path folder, Runnable advanced) {
    this.database = database;
    this.folder = folder;
    this.advanced = advanced;
  }

  public void write(String device, long time, String value) {
    synchronized (this) {
      log.add(new Point(device, time, value));
    }
    advanced.run();
  }

  /** Makes what was written since the last seal a durable range. */
  public void seal() {
    synchronized (this) {
      long start = sealed.isEmpty() ? 0 : sealed.lastKey();
      long end = log.size();
      if (end > start) {
        List<Point> points =
            new ArrayList<>(log.subList((int) start, (int) end))
                .stream().filter(point -> point.device() != null).toList();
        sealed.put(end, new Sealed(start, end, points));
      }
    }
    advanced.run();
  }

  /** Merges the ranges that end at {@code first} and right after it into one. */
  public synchronized void merge(long first) {
    Sealed one = sealed.remove(first);
    Sealed two = sealed.higherEntry(first).getValue();
    List<Point> points = new ArrayList<>(one.points());
    points.addAll(two.points());
    sealed.put(two.end(), new Sealed(one.start(), two.end(), points));
  }

  /** Runs at the beginning of each open, on its thread. */
  public void beforeOpens(Runnable task) {
    beforeOpens = task;
  }

  /** The next opens throw. */
  public synchronized void failOpens(int count) {
    failingOpens = count;
  }

  public synchronized void sealWhenAsked(boolean seals) {
    sealsWhenAsked = seals;
  }

  public synchronized void newLeader(long number) {
    log.add(new Point(null, 0, null));
    lineage = lineage.with(log.size(), number);
  }

  /** What was written and not deleted since. */
  public synchronized List<Point> points() {
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < log.size(); i++) {
      Point point = log.get(i);
      if (point.device() != null && !deletions.tailMap(i + 1L).containsValue(point.device())) {
        points.add(point);
      }
    }
    return points;
  }

  public synchronized int openFiles() {
    return openFiles;
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
  public boolean shippedBy(long pipeNumber) {
    return shipped;
  }

  @Override
  public synchronized Lineage lineage() {
    return lineage;
  }

  @Override
  public synchronized long logEnd() {
    return log.size();
  }

  @Override
  public synchronized long lastDataIndex() {
    return log.size();
  }

  @Override
  public synchronized Backlog backlogAfter(long index) {
    long bytes = 0;
    for (Sealed range : sealed.tailMap(index, false).values()) {
      bytes += text(range.points(), Long.MIN_VALUE).length;
    }
    return new Backlog(sealed.tailMap(index, false).size(), bytes, 0, 0);
  }

  /** What the pipe holds back rejoins it here. */
  public void rejoin(long pipeNumber) {
    seal();
    synchronized (this) {
      log.add(new Point(null, 0, null));
      of(pipeNumber)
          .replaceAll((device, one) -> one.rejoin() == 0 ? new Held(one.since(), log.size()) : one);
    }
    seal();
  }

  /** Deletes all points of a device. */
  public void delete(String device) {
    seal();
    synchronized (this) {
      log.add(new Point(null, 0, null));
      deletions.put((long) log.size(), device);
    }
    seal();
  }

  private Map<String, Held> of(long pipeNumber) {
    return held.computeIfAbsent(pipeNumber, pipe -> new HashMap<>());
  }

  @Override
  public synchronized int holdBack(long pipeNumber, long sinceIndex, List<SeriesConflict> series) {
    int fresh = 0;
    for (SeriesConflict one : series) {
      Held known = of(pipeNumber).get(one.device());
      fresh += known == null || known.rejoin() != 0 ? 1 : 0;
      long since = known == null ? sinceIndex : Math.min(known.since(), sinceIndex);
      of(pipeNumber).put(one.device(), new Held(since, 0));
    }
    return fresh;
  }

  @Override
  public synchronized int heldBack(long pipeNumber) {
    return (int) of(pipeNumber).values().stream().filter(one -> one.rejoin() == 0).count();
  }

  @Override
  public synchronized void forgetPipe(long pipeNumber) {
    held.remove(pipeNumber);
  }

  @Override
  public Optional<ReadyRange> openNextAfter(long index, Wanted wanted) throws IOException {
    beforeOpens.run();
    return open(index, wanted);
  }

  private synchronized Optional<ReadyRange> open(long index, Wanted wanted) throws IOException {
    if (failingOpens > 0) {
      failingOpens--;
      throw new IOException("disk says no");
    }
    Map.Entry<Long, Sealed> next = sealed.higherEntry(index);
    if (next == null) {
      return Optional.empty();
    }
    Sealed range = next.getValue();
    Map<String, Held> pipe = of(wanted.pipeNumber());
    List<Point> points =
        range.points().stream()
            .filter(
                point ->
                    !pipe.containsKey(point.device())
                        || !pipe.get(point.device()).leftOutOf(range.end()))
            .toList();
    long rejoin =
        pipe.values().stream().mapToLong(Held::rejoin).filter(at -> at > index).min().orElse(0);
    if (rejoin != 0 && rejoin <= range.end()) {
      List<Point> all =
          log.subList(0, (int) rejoin).stream()
              .filter(point -> pipe.containsKey(point.device()))
              .filter(point -> pipe.get(point.device()).rejoin() == rejoin)
              .toList();
      return piece(new Sealed(index, rejoin, all), wanted);
    }
    Map.Entry<Long, String> deletion = wanted.deletions() ? deletions.higherEntry(index) : null;
    if (deletion != null && deletion.getKey() <= range.end()) {
      byte[] line = (deletion.getValue() + "\n").getBytes(StandardCharsets.UTF_8);
      PieceFile piece = written(line, Frame.Content.DELETION);
      return Optional.of(
          new ReadyRange(index, deletion.getKey(), 0, Route.HERE, Optional.of(piece)));
    }
    return piece(new Sealed(range.start(), range.end(), points), wanted);
  }

  private Optional<ReadyRange> piece(Sealed range, Wanted wanted) throws IOException {
    byte[] bytes = text(range.points(), wanted.startTimeMs());
    if (bytes.length == 0) {
      return Optional.of(
          new ReadyRange(range.start(), range.end(), 0, Route.HERE, Optional.empty()));
    }
    PieceFile piece = written(bytes, Frame.Content.POINTS);
    return Optional.of(
        new ReadyRange(range.start(), range.end(), 0, Route.HERE, Optional.of(piece)));
  }

  private PieceFile written(byte[] bytes, Frame.Content content) throws IOException {
    Path path = Files.createTempFile(folder, "piece", ".txt");
    Files.write(path, bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    openFiles++;
    return new TextPiece(path, bytes.length, (int) crc.getValue(), content);
  }

  private static byte[] text(List<Point> points, long startTimeMs) {
    StringBuilder text = new StringBuilder();
    for (Point point : points) {
      if (point.time() >= startTimeMs) {
        text.append(point.device()).append(' ').append(point.time());
        text.append(' ').append(point.value()).append('\n');
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void sealSoon() {
    boolean seals;
    synchronized (this) {
      seals = sealsWhenAsked;
    }
    if (seals) {
      seal();
    }
  }

  private final class TextPiece implements PieceFile {
    private final Path path;
    private final long lengthBytes;
    private final int crc32c;
    private final Frame.Content content;

    TextPiece(Path path, long lengthBytes, int crc32c, Frame.Content content) {
      this.path = path;
      this.lengthBytes = lengthBytes;
      this.crc32c = crc32c;
      this.content = content;
    }

    @Override
    public Frame.Content content() {
      return content;
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public long lengthBytes() {
      return lengthBytes;
    }

    @Override
    public int crc32c() {
      return crc32c;
    }

    @Override
    public void close() {
      synchronized (FakeSourceRegion.this) {
        openFiles--;
      }
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
