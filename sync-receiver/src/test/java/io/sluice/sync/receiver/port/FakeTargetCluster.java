package io.sluice.sync.receiver.port;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.SharedDevice;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.frame.Frame;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.zip.CRC32C;

/**
 * A receiving cluster in memory: databases of a fixed number of regions, pieces as text files of
 * lines {@code device time value}. Counts how often each point was applied.
 */
public final class FakeTargetCluster implements TargetCluster, PieceSplitter {
  private final UUID clusterId = UUID.randomUUID();
  private final int regionsPerDatabase;
  private final Map<String, List<Region>> databases = new LinkedHashMap<>();
  private int unavailableLoads;
  private String conflictDevice;
  private volatile RottenFiles rotten;
  private String impossibleDatabase;
  private List<Frame.Address> clientAddresses = List.of();
  private CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  public FakeTargetCluster(int regionsPerDatabase) {
    this.regionsPerDatabase = regionsPerDatabase;
  }

  /** The next loads are not known to have happened; every second of them did. */
  public synchronized void loseLoads(int count) {
    unavailableLoads = count;
  }

  public void answerRotten(RottenFiles files) {
    rotten = files;
  }

  /** Parts with this device are refused; null for none. */
  public synchronized void conflictWith(String device) {
    conflictDevice = device;
  }

  /** Loads are not answered until they are let through again. */
  public synchronized void holdLoads() {
    gate = new CompletableFuture<>();
  }

  public synchronized void letLoadsThrough() {
    gate.complete(null);
  }

  private synchronized CompletableFuture<Void> gate() {
    return gate;
  }

  /** What receivers tell senders. */
  public synchronized void nameNodes(List<Frame.Address> addresses) {
    clientAddresses = List.copyOf(addresses);
  }

  public synchronized void makeImpossible(String database) {
    impossibleDatabase = database;
  }

  /** All points by "device time", with their value. */
  public synchronized Map<String, String> points() {
    Map<String, String> all = new TreeMap<>();
    databases.values().forEach(regions -> regions.forEach(region -> all.putAll(region.points)));
    return all;
  }

  /** How often each "device time" was applied. */
  public synchronized Map<String, Integer> timesApplied() {
    Map<String, Integer> all = new TreeMap<>();
    databases.values().forEach(regions -> regions.forEach(region -> all.putAll(region.times)));
    return all;
  }

  public synchronized List<Ledger> ledgers() {
    List<Ledger> all = new ArrayList<>();
    databases
        .values()
        .forEach(regions -> regions.forEach(region -> all.addAll(region.ledgers.values())));
    return all;
  }

  /** Drops a database; it may be made again, with other regions. */
  public synchronized void dropDatabase(String database) {
    databases.remove(database);
  }

  /** An older copy of every region is put back. */
  public synchronized void restore(Map<String, List<Region>> copy) {
    databases.clear();
    copy.forEach(
        (name, regions) ->
            databases.put(name, new ArrayList<>(regions.stream().map(Region::copied).toList())));
  }

  public synchronized Map<String, List<Region>> copy() {
    Map<String, List<Region>> copy = new LinkedHashMap<>();
    databases.forEach(
        (name, regions) -> copy.put(name, regions.stream().map(Region::copied).toList()));
    return copy;
  }

  @Override
  public UUID clusterId() {
    return clusterId;
  }

  @Override
  public synchronized List<Frame.Address> clientAddresses() {
    return clientAddresses;
  }

  @Override
  public synchronized String ensureDatabase(String name) throws DatabaseImpossibleException {
    if (name.equals(impossibleDatabase)) {
      throw new DatabaseImpossibleException(name + " has a descendant");
    }
    Optional<String> existing = existingDatabase(name);
    if (existing.isPresent()) {
      return existing.get();
    }
    List<Region> regions = new ArrayList<>();
    for (int i = 0; i < regionsPerDatabase; i++) {
      regions.add(new Region(UUID.randomUUID()));
    }
    databases.put(name, regions);
    return name;
  }

  @Override
  public synchronized Optional<String> existingDatabase(String name) {
    return databases.keySet().stream()
        .filter(database -> name.equals(database) || name.startsWith(database + "."))
        .findFirst();
  }

  @Override
  public synchronized List<TargetRegion> targets(String database) {
    return List.copyOf(databases.getOrDefault(database, List.of()));
  }

  /**
   * Each span has one row, hashed as its times; a page has the first and the last time of its span.
   */
  @Override
  public HeldDigests digests(UUID sender) {
    return new HeldDigests() {
      @Override
      public List<RangeHash> ranges(List<DigestSpans> parts) {
        return parts.stream()
            .flatMap(part -> part.spans().stream())
            .map(span -> new RangeHash(1, span.first(), span.last()))
            .toList();
      }

      @Override
      public RowPage rows(DigestPart part, TimeSpan span) {
        return new RowPage(
            List.of(new RowDigest(span.first(), 1), new RowDigest(span.last(), 2)), true);
      }
    };
  }

  /** Rotten files, and what is said of rows that are brought. */
  @Override
  public RottenFiles rotten() {
    return rotten;
  }

  @Override
  public List<PiecePart> split(
      Path file, long lengthBytes, int crc32c, String database, Predicate<UUID> wanted)
      throws IOException, DamagedPieceException {
    byte[] bytes = Files.readAllBytes(file);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    if (bytes.length != lengthBytes || (int) crc.getValue() != crc32c) {
      throw new DamagedPieceException("length or checksum", null);
    }
    List<Region> regions;
    synchronized (this) {
      regions = databases.getOrDefault(database, List.of());
    }
    Map<UUID, Part> parts = new LinkedHashMap<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
      if (line.indexOf(' ') < 0) {
        throw new DamagedPieceException("no points in " + file, null);
      }
      String device = line.substring(0, line.indexOf(' '));
      Region region = regions.get(Math.floorMod(device.hashCode(), regions.size()));
      if (wanted.test(region.id)) {
        parts.computeIfAbsent(region.id, id -> new Part(region)).lines.add(line);
      }
    }
    return List.copyOf(parts.values());
  }

  /** A deletion is a text file of lines {@code device}. */
  @Override
  public List<PiecePart> splitDeletion(Path file, String database, Predicate<UUID> wanted)
      throws IOException {
    List<Region> regions;
    synchronized (this) {
      regions = databases.getOrDefault(database, List.of());
    }
    Map<UUID, Part> parts = new LinkedHashMap<>();
    for (String device : Files.readAllLines(file)) {
      Region region = regions.get(Math.floorMod(device.hashCode(), regions.size()));
      if (wanted.test(region.id)) {
        parts.computeIfAbsent(region.id, id -> new Part(region)).lines.add(device);
      }
    }
    return List.copyOf(parts.values());
  }

  private synchronized LoadOutcome load(
      Part part, Source source, AppliedRecord expect, AppliedRecord set) {
    if (conflictDevice != null) {
      for (String line : part.lines) {
        if (line.startsWith(conflictDevice + " ")) {
          return new LoadOutcome.Conflict(
              List.of(new SeriesConflict(conflictDevice, "s", "types differ")));
        }
      }
    }
    if (unavailableLoads > 0) {
      unavailableLoads--;
      if (unavailableLoads % 2 == 0) {
        part.region.apply(part.lines, source, expect, set);
      }
      return new LoadOutcome.Unavailable("no leader");
    }
    return part.region.apply(part.lines, source, expect, set);
  }

  private final class Part implements PiecePart {
    private final Region region;
    private final List<String> lines = new ArrayList<>();

    Part(Region region) {
      this.region = region;
    }

    @Override
    public UUID target() {
      return region.id;
    }

    @Override
    public CompletableFuture<LoadOutcome> load(
        Source source, Route via, AppliedRecord expect, AppliedRecord set) {
      return gate().thenApplyAsync(open -> FakeTargetCluster.this.load(this, source, expect, set));
    }

    @Override
    public void close() {
      // Nothing was written for it.
    }
  }

  /** One region. Its state survives a restart of the receiver. */
  public static final class Region implements TargetRegion {
    private final Map<String, UUID> broughtLast = new HashMap<>();
    private final UUID id;
    private final Map<String, String> points = new HashMap<>();
    private final Map<String, Integer> times = new HashMap<>();
    private final Map<Source, AppliedRecord> records = new HashMap<>();
    private final Map<Source, Ledger> ledgers = new HashMap<>();

    Region(UUID id) {
      this.id = id;
    }

    Region copied() {
      Region copy = new Region(id);
      synchronized (this) {
        copy.points.putAll(points);
        copy.times.putAll(times);
        copy.records.putAll(records);
        copy.ledgers.putAll(ledgers);
      }
      return copy;
    }

    synchronized LoadOutcome apply(
        List<String> lines, Source source, AppliedRecord expect, AppliedRecord set) {
      AppliedRecord actual = records.get(source);
      if (set.equals(actual)) {
        return new LoadOutcome.Applied();
      }
      if (expect == null ? actual != null : !expect.equals(actual)) {
        return new LoadOutcome.Mismatch(actual);
      }
      for (String line : lines) {
        int value = line.lastIndexOf(' ');
        if (value < 0) {
          points.keySet().removeIf(point -> point.startsWith(line + " "));
          continue;
        }
        points.put(line.substring(0, value), line.substring(value + 1));
        times.merge(line.substring(0, value), 1, Integer::sum);
      }
      records.put(source, set);
      return new LoadOutcome.Applied(shared(lines, source.clusterId()));
    }

    /** Null for none. */
    private SharedDevice shared(List<String> lines, UUID cluster) {
      SharedDevice shared = null;
      for (String line : lines) {
        int end = line.indexOf(' ');
        if (end >= 0) {
          String device = line.substring(0, end);
          UUID before = broughtLast.put(device, cluster);
          if (before != null && !before.equals(cluster)) {
            shared = new SharedDevice(device, before);
          }
        }
      }
      return shared;
    }

    @Override
    public UUID id() {
      return id;
    }

    @Override
    public synchronized Memory recall(Source source) {
      return new Memory(records.get(source), ledgers.get(source));
    }

    @Override
    public synchronized boolean writeLedger(Ledger ledger, long expectSession) {
      Ledger former = ledgers.get(ledger.source());
      if ((former == null ? 0 : former.session()) != expectSession) {
        return false;
      }
      AppliedRecord record = records.get(ledger.source());
      if (record != null && record.isDropped() && record.pipeNumber() == ledger.pipeNumber()) {
        return false;
      }
      ledgers.put(ledger.source(), ledger);
      return true;
    }

    @Override
    public synchronized void forget(Source source, long pipeNumber) {
      AppliedRecord record = records.get(source);
      if (record == null || record.pipeNumber() <= pipeNumber) {
        records.put(source, AppliedRecord.dropped(pipeNumber));
      }
      Ledger ledger = ledgers.get(source);
      if (ledger != null && ledger.pipeNumber() <= pipeNumber) {
        ledgers.remove(source);
      }
    }
  }
}
