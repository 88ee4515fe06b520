package io.sluice.datanode.cluster;

import io.sluice.common.node.NodeConfiguration;
import io.sluice.common.rpc.ChangeRegionMembersReq;
import io.sluice.common.rpc.CountResp;
import io.sluice.common.rpc.CreateRegionReq;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.FeedDetailsResp;
import io.sluice.common.rpc.FileChunkResp;
import io.sluice.common.rpc.HeartbeatReq;
import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.LoadFileRef;
import io.sluice.common.rpc.PartRegionResp;
import io.sluice.common.rpc.PipeOperationReq;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.rpc.ProposeResp;
import io.sluice.common.rpc.ReceivedPipe;
import io.sluice.common.rpc.ReceivedPipesResp;
import io.sluice.common.rpc.RegionDigestReq;
import io.sluice.common.rpc.RegionDigestResp;
import io.sluice.common.rpc.RegionImageResp;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.RegionMendReq;
import io.sluice.common.rpc.RegionMendResp;
import io.sluice.common.rpc.RegionQuarantineReq;
import io.sluice.common.rpc.RegionQuarantineResp;
import io.sluice.common.rpc.RegionRottenResp;
import io.sluice.common.rpc.RegionSyncStateReq;
import io.sluice.common.rpc.RegionSyncStateResp;
import io.sluice.common.rpc.ScanReq;
import io.sluice.common.rpc.ScanResp;
import io.sluice.common.rpc.ScrubResp;
import io.sluice.common.rpc.SeriesQuery;
import io.sluice.common.rpc.SeriesResp;
import io.sluice.common.rpc.SeriesRow;
import io.sluice.common.rpc.StageChunkReq;
import io.sluice.common.rpc.Status;
import io.sluice.common.rpc.VariablesResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Source;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.region.PeerReplicas;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this DataNode does for the ConfigNodes and the other DataNodes of its cluster. Every method
 * answers with a status; none throws. Called by many threads.
 */
public final class InternalService implements DataNodeService.Iface, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InternalService.class);

  private static final int STAGING_LOCKS = 64;

  private final Identity identity;
  private final Ports ports;
  private final Options options;
  private final OpenScans scans;
  private final PeerFeeding feeding;
  private final DroppedRegions dropped;
  private final ScheduledFuture<?> sweeper;

  /** Chunks of one file are written one after another; files share these locks by their hash. */
  private final Object[] stagingLocks = new Object[STAGING_LOCKS];

  /**
   * Who this node is, once registered.
   *
   * @param processId drawn at the start of this process
   */
  public record Identity(String clusterId, int nodeId, long processId) {}

  /**
   * @param catalog told which version heartbeats name
   * @param local this node's regions, its reader and codec, and its disk
   * @param onHeartbeat run at each heartbeat of this cluster
   * @param refused which addresses of senders are not let in here
   * @param peers what a replica here fetches because another node's says so
   */
  public record Ports(
      CatalogCache catalog,
      RegionRoutes.Local local,
      Runnable onHeartbeat,
      PeerReplicas peers,
      PipeControl pipes,
      NodeConfiguration configuration,
      Predicate<String> refused) {}

  /**
   * @param scansMax open scans of other nodes
   * @param scanIdleMsMax what another node reads here is closed when it has not asked for so long
   * @param sweepEveryMs how often that is looked at
   */
  public record Options(int scansMax, long scanIdleMsMax, long sweepEveryMs) {
    public static final Options DEFAULT = new Options(256, 60_000, 5_000);
  }

  /**
   * @param scheduler runs the sweep; stays the caller's
   */
  public InternalService(
      Identity identity,
      Ports ports,
      Options options,
      ScheduledExecutorService scheduler,
      MonotonicClock clock) {
    this.identity = identity;
    this.ports = ports;
    this.options = options;
    Arrays.setAll(stagingLocks, i -> new Object());
    this.scans = new OpenScans(options.scansMax(), options.scanIdleMsMax(), clock);
    this.feeding =
        new PeerFeeding(ports.local().regions(), ports.peers(), options.scanIdleMsMax(), clock);
    this.dropped = new DroppedRegions(ports.local(), ports.pipes());
    this.sweeper =
        scheduler.scheduleWithFixedDelay(
            this::closeIdle, options.sweepEveryMs(), options.sweepEveryMs(), TimeUnit.MILLISECONDS);
  }

  private void closeIdle() {
    try {
      scans.closeIdle();
      feeding.closeIdle();
    } catch (RuntimeException e) {
      LOG.error("what is idle is not closed this time", e);
    }
  }

  private interface Work<T> {
    T run() throws StatusException, ElsewhereException, IOException;
  }

  /** Runs {@code work}; whatever goes wrong becomes a status. */
  private static <T> T answer(String what, Work<T> work, Function<Status, T> failure) {
    try {
      return work.run();
    } catch (StatusException e) {
      return failure.apply(new Status(e.code(), e.getMessage()));
    } catch (ElsewhereException e) {
      Status status = new Status(StatusCode.REGION_NOT_HERE, e.getMessage());
      e.leader().ifPresent(status::setRegionLeader);
      return failure.apply(status);
    } catch (IllegalArgumentException e) {
      LOG.warn("{} refused: {}", what, e.toString());
      return failure.apply(
          new Status(StatusCode.ILLEGAL_PARAMETER, what + " makes no sense: " + e.getMessage()));
    } catch (IOException | RuntimeException e) {
      LOG.error("{} failed", what, e);
      return failure.apply(new Status(StatusCode.INTERNAL_ERROR, what + " failed: " + e));
    }
  }

  private interface Step {
    void run() throws StatusException, ElsewhereException, IOException;
  }

  private static Status done(String what, Step step) {
    return answer(
        what,
        () -> {
          step.run();
          return RegionMessages.OK;
        },
        status -> status);
  }

  @Override
  public HeartbeatResp heartbeat(HeartbeatReq req) {
    return answer(
        "Heartbeat",
        () -> {
          if (!identity.clusterId().equals(req.getClusterId())) {
            throw new StatusException(
                StatusCode.ILLEGAL_PARAMETER,
                "This DataNode belongs to cluster "
                    + identity.clusterId()
                    + ", not to "
                    + req.getClusterId());
          }
          ports.onHeartbeat().run();
          ports.catalog().heard(req.getCatalogVersion());
          ports.pipes().heard(req.getPipeTableVersion());
          return state(RegionMessages.OK);
        },
        this::failedHeartbeat);
  }

  private HeartbeatResp state(Status status) {
    List<Integer> led = new ArrayList<>();
    for (RegionInfo region : ports.catalog().index().hosted()) {
      UUID uuid = UUID.fromString(region.getUuid());
      if (ports.local().regions().find(uuid).filter(Region::leads).isPresent()) {
        led.add(region.getId());
      }
    }
    return new HeartbeatResp(
            status,
            identity.nodeId(),
            ports.pipes().tableVersion(),
            led,
            ports.pipes().reports(),
            ports.local().disk().readOnly())
        .setReplicas(
            ports.local().regions().all().stream()
                .map(region -> RegionMessages.toWire(region.state()))
                .toList())
        .setProcessId(identity.processId())
        .setDiskFreeBytes(ports.local().disk().freeBytes());
  }

  private HeartbeatResp failedHeartbeat(Status status) {
    return new HeartbeatResp(status, identity.nodeId(), -1, List.of(), List.of(), false)
        .setProcessId(identity.processId());
  }

  @Override
  public Status createRegion(CreateRegionReq req) {
    LocalRegions regions = ports.local().regions();
    return done(
        "Create region",
        () -> {
          if (req.isJoins()) {
            regions.join(req.getRegion());
          } else {
            regions.create(req.getRegion(), req.getPeers());
          }
        });
  }

  @Override
  public Status changeRegionMembers(ChangeRegionMembersReq req) {
    LocalRegions regions = ports.local().regions();
    return done(
        "Change region members",
        () -> atLeader(req.getRegion(), region -> regions.changeMembers(region, req.getMembers())));
  }

  @Override
  public Status transferRegionLeader(String regionUuid, int toNode) {
    LocalRegions regions = ports.local().regions();
    return done(
        "Transfer region leader",
        () -> atLeader(regionUuid, region -> regions.transferLeader(region, toNode)));
  }

  private interface LeaderStep {
    void run(UUID region) throws StatusException;
  }

  /** A leader's task that this node cannot do comes back with who can. */
  private void atLeader(String regionUuid, LeaderStep step)
      throws StatusException, ElsewhereException {
    UUID region = UUID.fromString(regionUuid);
    try {
      step.run(region);
    } catch (StatusException e) {
      if (e.code() == StatusCode.REGION_NOT_HERE) {
        throw new LocalReplica(region, ports.local()).elsewhere();
      }
      throw e;
    }
  }

  @Override
  public Status deleteRegion(String regionUuid) {
    return done("Delete region", () -> ports.local().regions().delete(UUID.fromString(regionUuid)));
  }

  @Override
  public PartRegionResp partRegion(String regionUuid) {
    return answer(
        "Part region", () -> dropped.part(UUID.fromString(regionUuid)), PartRegionResp::new);
  }

  @Override
  public Status operatePipe(PipeOperationReq req) {
    return done("Pipe operation", () -> ports.pipes().operate(req.getOperation(), req.getPipe()));
  }

  @Override
  public Status replacePipeTable(PipeTable table) {
    return done("Pipe table", () -> ports.pipes().replace(table));
  }

  @Override
  public FeedDetailsResp pipeDetails(long number) {
    return answer(
        "pipeDetails",
        () ->
            new FeedDetailsResp(new Status(StatusCode.SUCCESS, ""))
                .setFeeds(ports.pipes().details(number)),
        FeedDetailsResp::new);
  }

  @Override
  public Status loadConfiguration() {
    return answer(
        "Load configuration",
        () -> new Status(StatusCode.SUCCESS, "").setTakeRestart(ports.configuration().reload()),
        Function.identity());
  }

  @Override
  public VariablesResp runningSettings() {
    return answer(
        "Running settings",
        () -> new VariablesResp(RegionMessages.OK).setVariables(ports.configuration().running()),
        VariablesResp::new);
  }

  @Override
  public ProposeResp propose(String regionUuid, ByteBuffer entry) {
    return answer(
        "Propose",
        () -> RegionMessages.toWire(replica(regionUuid).propose(entry(entry))),
        RegionMessages::refusedPropose);
  }

  private LogEntry entry(ByteBuffer bytes) throws StatusException {
    try {
      return ports.local().entryBytes().decode(bytes);
    } catch (IOException e) {
      throw new StatusException(
          StatusCode.ILLEGAL_PARAMETER, "Not a log entry of a known version: " + e, e);
    }
  }

  @Override
  public ProposeResp flush(String regionUuid) {
    return answer(
        "Flush",
        () -> RegionMessages.toWire(replica(regionUuid).flush()),
        RegionMessages::refusedPropose);
  }

  @Override
  public SeriesResp findSeries(SeriesQuery query) {
    return answer(
        "Find series",
        () -> {
          List<SeriesRow> rows = new ArrayList<>();
          List<SeriesInfo> found =
              replica(query.getRegion()).series(RegionMessages.patterns(query.getPatterns()));
          for (SeriesInfo series : found) {
            rows.add(RegionMessages.toWire(series));
          }
          return new SeriesResp(RegionMessages.OK).setSeries(rows);
        },
        SeriesResp::new);
  }

  @Override
  public ScanResp openScan(ScanReq req) {
    return answer(
        "Scan",
        () -> scans.open(replica(req.getRegion()).scan(RegionMessages.fromWire(req))),
        ScanResp::new);
  }

  @Override
  public ScanResp nextBlock(long scanId) {
    return answer("Scan", () -> scans.next(scanId), ScanResp::new);
  }

  @Override
  public Status closeScan(long scanId) {
    scans.close(scanId);
    return RegionMessages.OK;
  }

  @Override
  public CountResp count(ScanReq req) {
    return answer(
        "Count",
        () -> {
          List<Long> counts = new ArrayList<>();
          for (long count : replica(req.getRegion()).count(RegionMessages.fromWire(req))) {
            counts.add(count);
          }
          return new CountResp(RegionMessages.OK).setCounts(counts);
        },
        CountResp::new);
  }

  @Override
  public Status stageChunk(StageChunkReq req) {
    return done(
        "Stage chunk",
        () -> {
          UUID uuid = UUID.fromString(req.getRegion());
          Region region =
              ports
                  .local()
                  .regions()
                  .find(uuid)
                  .filter(Region::leads)
                  .orElseThrow(() -> new LocalReplica(uuid, ports.local()).elsewhere());
          LocalReplica.requireWritable(ports.local());
          stage(region, req);
        });
  }

  private void stage(Region region, StageChunkReq req) throws StatusException, IOException {
    int hash = Objects.hash(region.id(), req.getName());
    try {
      synchronized (stagingLocks[Math.floorMod(hash, STAGING_LOCKS)]) {
        new StagingFolder(region.stagingFolder())
            .write(
                req.getName(), req.getOffset(), req.bufferForData(), req.getCrc32c(), req.isLast());
      }
    } catch (StagingFolder.RefusedChunkException e) {
      throw new StatusException(StatusCode.ILLEGAL_PARAMETER, e.getMessage(), e);
    }
  }

  @Override
  public RegionSyncStateResp regionSyncState(RegionSyncStateReq req) {
    return answer(
        "Sync state",
        () -> {
          Source source =
              new Source(
                  UUID.fromString(req.getClusterId()), UUID.fromString(req.getSourceRegion()));
          return RegionMessages.toWire(replica(req.getRegion()).syncState(source));
        },
        RegionSyncStateResp::new);
  }

  @Override
  public RegionQuarantineResp regionQuarantine(RegionQuarantineReq req) {
    return answer(
        "Quarantine",
        () ->
            new RegionQuarantineResp(RegionMessages.OK)
                .setSeries(
                    replica(req.getRegion()).quarantine(req.getPipeNumber()).stream()
                        .map(RegionMessages::toWire)
                        .toList()),
        RegionQuarantineResp::new);
  }

  @Override
  public RegionDigestResp regionDigest(RegionDigestReq req) {
    return answer(
        "Digest",
        () -> DigestMessages.toWire(replica(req.getRegion()).digest(DigestMessages.fromWire(req))),
        RegionDigestResp::new);
  }

  @Override
  public RegionRottenResp regionRotten(String regionUuid, String clusterId) {
    return answer(
        "Rotten files",
        () -> MendMessages.toWire(replica(regionUuid).rotten(UUID.fromString(clusterId))),
        RegionRottenResp::new);
  }

  @Override
  public RegionMendResp mendRegion(RegionMendReq req) {
    return answer(
        "Mend",
        () -> MendMessages.toWire(replica(req.getRegion()).mend(MendMessages.fromWire(req))),
        RegionMendResp::new);
  }

  @Override
  public ReceivedPipesResp receivedPipes() {
    return answer(
        "Received pipes",
        () ->
            new ReceivedPipesResp(RegionMessages.OK)
                .setPipes(receivedHere(ports.local().regions(), ports.refused())),
        ReceivedPipesResp::new);
  }

  /** Rows of the ledgers in the regions led here. */
  static List<ReceivedPipe> receivedHere(LocalRegions regions, Predicate<String> refused) {
    List<ReceivedPipe> rows = new ArrayList<>();
    for (Region region : regions.all()) {
      if (region.leads() && region.droppedIndex() == 0) {
        region
            .ledgers()
            .forEach(
                ledger ->
                    rows.add(
                        ReceivedPipes.of(ledger, refused.test(ledger.pipe().senderAddress()))));
      }
    }
    return ReceivedPipes.merge(rows);
  }

  @Override
  public ScrubResp beginScrub(List<String> regionUuids) {
    return answer(
        "Scrub",
        () ->
            new ScrubResp(RegionMessages.OK)
                .setScrubId(
                    ports
                        .local()
                        .regions()
                        .scrubs()
                        .begin(regionUuids.stream().map(UUID::fromString).toList())),
        ScrubResp::new);
  }

  @Override
  public ScrubResp awaitScrub(long scrubId) {
    return answer(
        "Scrub",
        () ->
            ScrubMessages.toWire(
                ports.local().regions().scrubs().await(scrubId, ScrubMessages.WAIT_MS)),
        ScrubResp::new);
  }

  @Override
  public RegionImageResp openRegionImage(String regionUuid) {
    return answer("Region image", () -> feeding.openImage(regionUuid), RegionImageResp::new);
  }

  @Override
  public FileChunkResp readRegionImage(long imageId, String name, long offset, int lengthMax) {
    return answer(
        "Region image",
        () -> feeding.readImage(imageId, name, offset, lengthMax),
        FileChunkResp::new);
  }

  @Override
  public Status closeRegionImage(long imageId) {
    feeding.closeImage(imageId);
    return RegionMessages.OK;
  }

  @Override
  public FileChunkResp readLoadFile(LoadFileRef file, long offset, int lengthMax) {
    return answer(
        "Load file", () -> feeding.readLoadFile(file, offset, lengthMax), FileChunkResp::new);
  }

  @Override
  public Status stageFrom(LoadFileRef file, DataNodeLocation node) {
    return done("Stage from another node", () -> feeding.stageFrom(file, node));
  }

  /** Scans of other nodes that are open now. */
  public int openScans() {
    return scans.size();
  }

  /** Images and files that other nodes copy now. */
  int openForPeers() {
    return feeding.open();
  }

  /** A call from another node never goes on to a third one. */
  private Replica replica(String regionUuid) {
    return new LocalReplica(UUID.fromString(regionUuid), ports.local());
  }

  @Override
  public void close() {
    sweeper.cancel(false);
    scans.close();
    feeding.close();
  }
}
