package io.sluice.datanode.pipe;

import static org.awaitility.Awaitility.await;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.Catalog;
import io.sluice.common.rpc.CatalogResp;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.CreateDatabaseReq;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DatabaseInfo;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.common.time.WallClock;
import io.sluice.datanode.cluster.CatalogCache;
import io.sluice.datanode.cluster.CatalogRegions;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.datanode.cluster.DiskSpace;
import io.sluice.datanode.cluster.EntryBytes;
import io.sluice.datanode.cluster.Expiry;
import io.sluice.datanode.cluster.HeldPart;
import io.sluice.datanode.cluster.HostedRegions;
import io.sluice.datanode.cluster.InternalService;
import io.sluice.datanode.cluster.RegionAccess;
import io.sluice.datanode.cluster.RegionRoutes;
import io.sluice.datanode.mend.Mends;
import io.sluice.datanode.mend.RottenMend;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.MergingRegionReader;
import io.sluice.datanode.read.ReadOptions;
import io.sluice.datanode.read.RegionReader;
import io.sluice.datanode.read.RowBlocks;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.NoPeers;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.RegionScrub;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntryBytes;
import io.sluice.datanode.region.host.FileTools;
import io.sluice.datanode.region.host.RegionHost;
import io.sluice.datanode.region.host.RegionHostOptions;
import io.sluice.datanode.region.host.RegionOptions;
import io.sluice.datanode.tsfile.ChunkCutter;
import io.sluice.datanode.tsfile.ReadCacheOptions;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileReader;
import io.sluice.datanode.tsfile.SealedFileWriter;
import io.sluice.datanode.tsfile.TsFileMerger;
import io.sluice.datanode.tsfile.TsFileSealer;
import io.sluice.datanode.verify.PipeVerifier;
import io.sluice.sync.receiver.SyncReceiverOptions;
import io.sluice.sync.receiver.WhiteList;
import io.sluice.sync.receiver.port.SenderUsers;
import io.sluice.sync.sender.SyncSenderOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.tsfile.read.common.block.TsBlock;

/**
 * A cluster of one DataNode with real regions and pipes; its ConfigNode is a catalog in memory that
 * outlives the node.
 */
final class OneNodeCluster implements AutoCloseable {
  /** Soon tries again; is not in trouble because the machine is busy for some seconds. */
  static final SyncSenderOptions FAST =
      new SyncSenderOptions(2, 5, 50, 200, 5_000, 10_000, 20_000, 4, 1, 1);

  private static final RegionOptions SEALS_SOON =
      new RegionOptions(32L << 20, 600_000, 100, 96L << 20, 32L << 20, 5_000, 64L << 20, 64L << 20);

  private final Path folder;
  private final int regionsPerDatabase;
  private final Catalog catalog;
  private int nextRegion = 100;
  private final EventLoopGroup loops;
  private int port;
  private Channel server;

  /** Bound to the port, and not listening: no neighbour is given it while the node is stopped. */
  private Socket whileAway = new Socket();

  private RegionHost host;
  private HostedRegions hosted;
  private SealedFileReader files;
  private Mends mends;
  private RegionRoutes routes;
  private Expiry expiry;
  private CatalogRegions regions;
  private PipeService pipes;
  private CatalogCache cache;

  OneNodeCluster(Path folder, int regionsPerDatabase) throws Exception {
    this.folder = folder;
    this.regionsPerDatabase = regionsPerDatabase;
    Endpoint nowhere = new Endpoint("127.0.0.1", 1);
    this.catalog =
        new Catalog(
            1,
            UUID.randomUUID().toString(),
            "test",
            1_000,
            new ArrayList<>(List.of(new DataNodeLocation(1, nowhere, nowhere, nowhere))),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    this.loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    start();
  }

  /** Starts the node; its port is the one it had. */
  void start() throws Exception {
    files = new SealedFileReader(ReadCacheOptions.DEFAULT);
    host =
        RegionHost.open(
            new RegionHostOptions(
                UUID.fromString(catalog.getClusterId()), 1, folder, "127.0.0.1", 0, SEALS_SOON),
            new FileTools(
                new TsFileSealer(SealOptions.DEFAULT),
                new TsFileMerger(SealOptions.DEFAULT),
                files::forget),
            new NoPeers());
    hosted = new HostedRegions(host);
    files.reportDamageTo(host::suspect);
    mends =
        new Mends(
            new RottenMend(
                reader(),
                new ChunkCutter(SealOptions.DEFAULT),
                new TsFileMerger(SealOptions.DEFAULT)),
            MonotonicClock.SYSTEM);
    ConfigNodeClient configNode = configNode();
    cache =
        new CatalogCache(
            catalogNow(), configNode, Runnable::run, nodes -> {}, MonotonicClock.SYSTEM);
    routes = new RegionRoutes(here(), cache, RegionRoutes.Options.DEFAULT, MonotonicClock.SYSTEM);
    expiry = new Expiry(cache::catalog, WallClock.SYSTEM);
    regions = new CatalogRegions(cache, configNode, routes::to, expiry);
    pipes =
        new PipeService(
            new PipeServiceOptions(
                UUID.fromString(catalog.getClusterId()),
                folder.resolve("sync"),
                FAST,
                SyncReceiverOptions.DEFAULT,
                WhiteList.parse("127.0.0.1/32")),
            hosted,
            regions,
            configNode,
            new TsFileTools(new ChunkCutter(SealOptions.DEFAULT), reader(), writer()),
            SenderUsers.NONE,
            expiry,
            MonotonicClock.SYSTEM);
    host.mergeAsAllowedBy(pipes::floors);
    listen();
  }

  private RegionRoutes.Local here() {
    DiskSpace disk = new DiskSpace(folder, 0, MonotonicClock.SYSTEM);
    return new RegionRoutes.Local(1, hosted, reader(), new LogBytes(), disk, mends);
  }

  private RegionReader reader() {
    return new MergingRegionReader(files, ReadOptions.DEFAULT);
  }

  private static SealedFileWriter writer() {
    return new TsFileSealer(SealOptions.DEFAULT);
  }

  /** The listener lets go of its port with its loop's next look around, which may be later. */
  private void keepPort() {
    whileAway =
        await()
            .atMost(Duration.ofSeconds(30))
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .ignoreExceptionsInstanceOf(BindException.class)
            .until(() -> bound(port), Socket::isBound);
  }

  private static Socket bound(int port) throws IOException {
    Socket socket = new Socket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress("127.0.0.1", port));
    return socket;
  }

  private void leavePort() {
    try {
      whileAway.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen() {
    leavePort();
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    pipes.receiver().install(channel.pipeline());
                  }
                })
            .bind("127.0.0.1", port)
            .syncUninterruptibly()
            .channel();
    port = ((InetSocketAddress) server.localAddress()).getPort();
  }

  void stop() {
    server.close().syncUninterruptibly();
    keepPort();
    pipes.close();
    routes.close();
    mends.close();
    host.close();
    files.close();
  }

  int port() {
    return port;
  }

  PipeService pipes() {
    return pipes;
  }

  /** Dropped pipes that are written down because a receiver may not know. */
  int untoldDrops() {
    String[] files = folder.resolve("sync/dropped").toFile().list();
    return files == null ? 0 : files.length;
  }

  CatalogTargets targets() {
    return new CatalogTargets(regions, configNode(), MonotonicClock.SYSTEM, folder);
  }

  TsFileSplitter splitter() {
    return new TsFileSplitter(regions, new ChunkCutter(SealOptions.DEFAULT), folder, Runnable::run);
  }

  RegionSource source(Region region) {
    RejoinPiece rejoins = new RejoinPiece(reader(), writer());
    return new RegionSource(
        region,
        new ChunkCutter(SealOptions.DEFAULT),
        rejoins,
        expiry,
        new ShippingOrder(regions::catalog),
        folder);
  }

  /** RETRY PIPE ... QUARANTINE. */
  void retry(long pipeNumber) throws Exception {
    for (Region region : host.all()) {
      region.propose(new LogEntry.Rejoin(pipeNumber)).get(60, TimeUnit.SECONDS);
    }
  }

  /** What a pipe holds back, as SHOW PIPE ... QUARANTINE has it. */
  List<HeldPart> held(long pipeNumber) throws Exception {
    List<HeldPart> held = new ArrayList<>();
    for (DatabaseInfo database : catalogNow().getDatabases()) {
      for (RegionAccess region : regions.regions(database.getName())) {
        held.addAll(region.quarantine(pipeNumber));
      }
    }
    return held;
  }

  PipeVerifier verifier() {
    return new PipeVerifier(pipes.receivers(), pipes.rowsFiles(), expiry, MonotonicClock.SYSTEM);
  }

  RegionScrub scrubs() {
    return host.scrubs();
  }

  Expiry expiry() {
    return expiry;
  }

  ClusterRegions access() {
    return regions;
  }

  List<Region> regions() {
    return host.all();
  }

  void write(LogEntry entry, String device) throws Exception {
    ApplyResult result = regions.regionForWriting(device).propose(entry).get();
    if (!(result instanceof ApplyResult.Applied)) {
      throw new IllegalStateException(result.toString());
    }
  }

  void flush() throws Exception {
    for (Region region : host.all()) {
      region.flush().get(60, TimeUnit.SECONDS);
    }
  }

  /** All points: series path and time to value's text. */
  Map<String, String> points() throws Exception {
    Map<String, String> points = new TreeMap<>();
    List<PathPattern> all = List.of(PathPattern.parse("root.**"));
    for (String database : regions.databasesOf(all)) {
      for (RegionAccess region : regions.regions(database)) {
        for (SeriesInfo series : region.series(all)) {
          read(region, series, points);
        }
      }
    }
    return points;
  }

  private static void read(RegionAccess region, SeriesInfo series, Map<String, String> points)
      throws StatusException {
    ScanRequest request =
        new ScanRequest(
            List.of(series.key()), List.of(series.spec().type()), TimeRange.ALL, false, 0);
    try (RowBlocks rows = region.scan(request)) {
      for (TsBlock block = rows.next(); block != null; block = rows.next()) {
        for (int i = 0; i < block.getPositionCount(); i++) {
          points.put(
              series.key().path() + " " + block.getTimeByIndex(i),
              String.valueOf(block.getColumn(0).getObject(i)));
        }
      }
    }
  }

  /** The node as its ConfigNode reaches it. */
  InternalService service(ScheduledExecutorService timer) {
    return new InternalService(
        new InternalService.Identity(catalog.getClusterId(), 1, 1),
        new InternalService.Ports(
            cache, here(), () -> {}, new NoPeers(), pipes.control(), null, address -> false),
        InternalService.Options.DEFAULT,
        timer,
        MonotonicClock.SYSTEM);
  }

  /** What the ConfigNode decides; the node has heard of it on return. */
  void decide(Consumer<Catalog> change) throws Exception {
    synchronized (this) {
      change.accept(catalog);
      catalog.setVersion(catalog.getVersion() + 1);
    }
    regions.refresh();
  }

  /** Points older than {@code ttlMs} are not to be seen; 0: all are. */
  void setTtl(String database, long ttlMs) throws Exception {
    decide(
        now -> {
          for (DatabaseInfo info : now.getDatabases()) {
            if (info.getName().equals(database)) {
              info.setTtlMs(ttlMs);
              info.setTtlMsIsSet(ttlMs != 0);
            }
          }
        });
  }

  private synchronized Catalog catalogNow() {
    return new Catalog(catalog);
  }

  private synchronized Status createDatabase(CreateDatabaseReq req) throws StatusException {
    for (DatabaseInfo database : catalog.getDatabases()) {
      if (database.getName().equals(req.getName())) {
        return req.isIfNotExists()
            ? new Status(StatusCode.SUCCESS, "")
            : new Status(StatusCode.DATABASE_ALREADY_EXISTS, req.getName() + " exists");
      }
      if (database.getName().startsWith(req.getName() + ".")) {
        return new Status(StatusCode.DATABASE_ALREADY_EXISTS, "some children are databases");
      }
    }
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < regionsPerDatabase; i++) {
      int id = nextRegion++;
      var region = new RegionInfo(id, UUID.randomUUID().toString(), req.getName(), List.of(1), 0);
      hosted.create(region, catalog.getDataNodes());
      catalog.getRegions().add(region);
      ids.add(id);
    }
    catalog.getDatabases().add(new DatabaseInfo(req.getName(), 1, 1, ids, 0));
    catalog.setVersion(catalog.getVersion() + 1);
    return new Status(StatusCode.SUCCESS, "");
  }

  private ConfigNodeClient configNode() {
    var leader =
        (ConfigNodeService.Iface)
            Proxy.newProxyInstance(
                ConfigNodeService.Iface.class.getClassLoader(),
                new Class<?>[] {ConfigNodeService.Iface.class},
                (proxy, method, args) ->
                    switch (method.getName()) {
                      case "getCatalog" ->
                          new CatalogResp(new Status(StatusCode.SUCCESS, ""))
                              .setCatalog(catalogNow());
                      case "createDatabase" -> createDatabase((CreateDatabaseReq) args[0]);
                      default -> throw new UnsupportedOperationException(method.getName());
                    });
    return new ConfigNodeClient() {
      @Override
      public <T> T call(Call<T> call) throws StatusException {
        try {
          return call.run(leader);
        } catch (org.apache.thrift.TException e) {
          throw new StatusException(StatusCode.INTERNAL_ERROR, e.toString(), e);
        }
      }

      @Override
      public void close() {
        // Nothing is held.
      }
    };
  }

  private static final class LogBytes implements EntryBytes {
    @Override
    public ByteBuffer encode(LogEntry entry) {
      return ByteBuffer.wrap(LogEntryBytes.encode(entry));
    }

    @Override
    public LogEntry decode(ByteBuffer bytes) throws IOException {
      return LogEntryBytes.decode(bytes);
    }
  }

  @Override
  public void close() {
    stop();
    leavePort();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
