package io.sluice.datanode.region.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.ReplicaState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** Several nodes of one cluster in this process, each with a folder of its own below one. */
final class Replicas implements AutoCloseable {
  static final UUID CLUSTER = new UUID(1, 1);
  static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Path folder;
  private final RegionOptions options;
  private final FileTools files;
  private final Map<Integer, RegionHost> hosts = new ConcurrentSkipListMap<>();
  private final Map<Integer, RegionMember> addresses = new ConcurrentHashMap<>();

  /** Nodes that nobody can ask for a file. */
  final Set<Integer> mute = ConcurrentHashMap.newKeySet();

  /** Nodes that never answer who asks for a file; whoever gives up is late to notice. */
  final Set<Integer> hanging = ConcurrentHashMap.newKeySet();

  final AtomicInteger imagesCopied = new AtomicInteger();

  /** Files that took the place of damaged ones, or were to. */
  final AtomicInteger partsCopied = new AtomicInteger();

  Replicas(Path folder, RegionOptions options) {
    this(folder, options, FileTools.writing(new PointsFileWriter()));
  }

  Replicas(Path folder, RegionOptions options, FileTools files) {
    this.folder = folder;
    this.options = options;
    this.files = files;
  }

  static RegionOptions small(long keptLogBytes) {
    return new RegionOptions(
        64 << 20, 600_000, 50, 128 << 20, 32 << 20, 10_000, 64 << 20, keptLogBytes);
  }

  Path folder(int node) {
    return folder.resolve("node-" + node);
  }

  RegionHost start(int node) throws IOException {
    Files.createDirectories(folder(node));
    RegionHost host =
        RegionHost.open(
            new RegionHostOptions(CLUSTER, node, folder(node), "127.0.0.1", 0, options),
            files,
            new Peers(node));
    hosts.put(node, host);
    addresses.put(node, new RegionMember(node, "127.0.0.1", host.raftPort()));
    return host;
  }

  /** As that node sees the others. */
  PeerReplicas peersOf(int node) {
    return new Peers(node);
  }

  void stop(int node) {
    hosts.remove(node).close();
  }

  RegionHost host(int node) {
    return hosts.get(node);
  }

  RegionMember member(int node) {
    return addresses.get(node);
  }

  List<RegionMember> members(int... nodes) {
    List<RegionMember> members = new ArrayList<>();
    for (int node : nodes) {
      members.add(member(node));
    }
    return members;
  }

  /** Makes a region on these nodes; they must run. */
  void create(UUID region, int... nodes) throws Exception {
    for (int node : nodes) {
      host(node).create(region, "root.x", members(nodes));
    }
  }

  Region region(int node, UUID region) {
    return host(node).find(region).orElseThrow();
  }

  /**
   * Has whoever leads do it, and again when that one leads no more, which on a busy machine it may
   * at any time, and had not said so before: like a client, so that it may be done twice.
   */
  void apply(UUID region, Function<Region, CompletableFuture<ApplyResult>> what) throws Exception {
    ApplyResult result;
    long startNs = System.nanoTime();
    do {
      result = what.apply(leading(region)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } while (result instanceof ApplyResult.Unavailable
        && System.nanoTime() - startNs < PATIENCE.toNanos());
    assertThat(result).isInstanceOf(ApplyResult.Applied.class);
  }

  /** Has {@code heir} lead, whoever led before. */
  void handOver(UUID region, int heir) {
    Awaitility.await()
        .atMost(PATIENCE)
        .ignoreException(StatusException.class)
        .until(
            () -> {
              int leader = awaitLeader(region);
              if (leader != heir) {
                host(leader).transferLeader(region, heir);
              }
              return region(heir, region).leads();
            });
  }

  /** The running node that leads and takes writes. */
  int awaitLeader(UUID region) {
    return Awaitility.await()
        .pollDelay(Duration.ZERO)
        .atMost(PATIENCE)
        .until(() -> leader(region), Optional::isPresent)
        .orElseThrow();
  }

  /** Of two that say they lead, the one that was elected later: the other has not heard yet. */
  private Optional<Integer> leader(UUID region) {
    return hosts.entrySet().stream()
        .filter(host -> host.getValue().find(region).filter(Region::leads).isPresent())
        .max(Comparator.comparingLong(host -> term(host.getValue(), region)))
        .map(Map.Entry::getKey);
  }

  private static long term(RegionHost host, UUID region) {
    return host.find(region).map(replica -> replica.state().term()).orElse(-1L);
  }

  Region leading(UUID region) {
    return region(awaitLeader(region), region);
  }

  /** Waits until every running node has applied what the leader has. */
  void awaitEqual(UUID region) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              Optional<Integer> leader = leader(region);
              if (leader.isEmpty()) {
                return false;
              }
              long index = region(leader.get(), region).state().appliedIndex();
              return hosts.keySet().stream()
                  .map(node -> region(node, region).state())
                  .filter(ReplicaState::running)
                  .allMatch(state -> state.appliedIndex() >= index);
            });
  }

  Map<Integer, RegionHost> running() {
    return new TreeMap<>(hosts);
  }

  @Override
  public void close() {
    hosts.values().forEach(RegionHost::close);
    hosts.clear();
  }

  private final class Peers implements PeerReplicas {
    private final int self;

    Peers(int self) {
      this.self = self;
    }

    private Region peer(int node, UUID region) throws IOException {
      RegionHost host = mute.contains(node) ? null : hosts.get(node);
      if (host == null) {
        throw new IOException("DataNode " + node + " cannot be reached");
      }
      return host.find(region)
          .orElseThrow(() -> new IOException("DataNode " + node + " has no region " + region));
    }

    @Override
    public void copyImage(UUID region, int fromNode, Path into) throws IOException {
      try (DurableImage image = peer(fromNode, region).openImage()) {
        for (DurableImage.Entry entry : image.entries()) {
          copy(entry, into);
        }
      }
      imagesCopied.incrementAndGet();
    }

    @Override
    public void copyPart(UUID region, int fromNode, Path into, PartOfImage part)
        throws IOException {
      try (DurableImage image = peer(fromNode, region).openImage()) {
        Map<String, DurableImage.Entry> files = new TreeMap<>();
        for (DurableImage.Entry entry : image.entries()) {
          if (entry.name().startsWith("files/")) {
            files.put(entry.name(), entry);
          } else {
            copy(entry, into);
          }
        }
        for (String name : part.names()) {
          if (!files.containsKey(name)) {
            throw new NotGivenException("DataNode " + fromNode + " does not give " + name);
          }
          // Whoever puts it in place looks at its bytes.
          Path target = into.resolve(name);
          Files.createDirectories(target.getParent());
          Files.copy(files.get(name).path(), target);
          partsCopied.incrementAndGet();
        }
      }
    }

    private void copy(DurableImage.Entry entry, Path into) throws IOException {
      Path target = into.resolve(entry.name());
      Files.createDirectories(target.getParent());
      copy(entry.path(), target, entry.lengthBytes(), entry.crc32c());
    }

    private void copy(Path from, Path target, long lengthBytes, int crc32c) throws IOException {
      Files.copy(from, target);
      DurableFiles.sync(target);
      if (Files.size(target) != lengthBytes || DurableFiles.crc32c(target) != crc32c) {
        throw new IOException(from + " is not what it should be");
      }
    }

    @Override
    public void copyLoadFile(
        UUID region,
        int fromNode,
        String name,
        long lengthBytes,
        int crc32c,
        Path target,
        long patienceMs)
        throws IOException {
      if (hanging.contains(fromNode)) {
        hang();
      }
      Path file =
          peer(fromNode, region)
              .loadFile(name, lengthBytes, crc32c)
              .orElseThrow(() -> new IOException("DataNode " + fromNode + " has no " + name));
      copy(file, target, lengthBytes, crc32c);
    }

    /** As a read from a socket that is not told of the interrupt. */
    private void hang() throws IOException {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Executor later = CompletableFuture.delayedExecutor(2, TimeUnit.SECONDS);
        CompletableFuture.runAsync(() -> {}, later).join();
        throw new IOException(e);
      }
    }

    @Override
    public void stageAt(
        UUID region, int node, String name, long lengthBytes, int crc32c, BooleanSupplier wanted)
        throws IOException {
      Path target = peer(node, region).stagingFolder().resolve(name);
      if (Files.exists(target)) {
        return;
      }
      Path file = peer(self, region).loadFile(name, lengthBytes, crc32c).orElseThrow();
      copy(file, target, lengthBytes, crc32c);
    }

    @Override
    public Optional<RegionMember> member(int nodeId) {
      return Optional.ofNullable(addresses.get(nodeId));
    }
  }
}
