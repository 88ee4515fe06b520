package io.sluice.datanode;

import io.sluice.common.config.HostPort;
import io.sluice.common.config.Parameter;
import io.sluice.common.config.Parameters;
import io.sluice.common.config.Settings;
import io.sluice.common.net.PortCheck;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.cluster.ClusterMembership;
import io.sluice.datanode.cluster.DiskSpace;
import io.sluice.datanode.pipe.PipeServiceOptions;
import io.sluice.datanode.region.host.RegionHostOptions;
import io.sluice.datanode.region.host.RegionOptions;
import io.sluice.datanode.region.scrub.ScrubOptions;
import io.sluice.datanode.rpc.ClientServerOptions;
import io.sluice.datanode.tsfile.ReadCacheOptions;
import io.sluice.sync.receiver.MalformedWhiteListException;
import io.sluice.sync.receiver.SyncReceiverOptions;
import io.sluice.sync.receiver.WhiteList;
import io.sluice.sync.sender.SyncSenderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The settings of a DataNode as its components' options. Values only. */
record NodeOptions(Settings settings) {
  private static final long REGISTER_PAUSE_MS = 200;

  /** Parts of the memory for writes that entries on their way may take. */
  private static final int IN_FLIGHT_PART = 4;

  private static final int OPEN_FILES_MAX = 500;

  /**
   * @throws IOException naming the first port that is taken
   */
  void requireFreePorts() throws IOException {
    PortCheck.requireFree(settings, Parameters.DN_RPC_ADDRESS, Parameters.DN_RPC_PORT);
    for (Parameter<Integer> port :
        List.of(
            Parameters.DN_INTERNAL_PORT,
            Parameters.DN_CONSENSUS_PORT,
            Parameters.DN_METRICS_PORT)) {
      PortCheck.requireFree(settings, Parameters.DN_INTERNAL_ADDRESS, port);
    }
  }

  List<Endpoint> configNodes() {
    return settings.get(Parameters.DN_TARGETS).stream().map(NodeOptions::endpoint).toList();
  }

  private static Endpoint endpoint(HostPort address) {
    return new Endpoint(address.host(), address.port());
  }

  /**
   * @param processId drawn at the start of this process
   */
  ClusterMembership.Options membership(long processId) {
    String internal = settings.get(Parameters.DN_INTERNAL_ADDRESS);
    return new ClusterMembership.Options(
        settings.folder(Parameters.DN_SYSTEM_DIR),
        settings.get(Parameters.CLUSTER_NAME),
        new Endpoint(settings.get(Parameters.DN_RPC_ADDRESS), settings.get(Parameters.DN_RPC_PORT)),
        new Endpoint(internal, settings.get(Parameters.DN_INTERNAL_PORT)),
        new Endpoint(internal, settings.get(Parameters.DN_CONSENSUS_PORT)),
        processId,
        REGISTER_PAUSE_MS);
  }

  RegionHostOptions regions(ClusterMembership.Joined joined) {
    RegionOptions usual = RegionOptions.DEFAULT;
    long writeBytesMax = settings.get(Parameters.DN_WRITE_BYTES_MAX);
    return new RegionHostOptions(
        joined.clusterId(),
        joined.nodeId(),
        settings.folder(Parameters.DN_DATA_DIR),
        settings.get(Parameters.DN_INTERNAL_ADDRESS),
        settings.get(Parameters.DN_CONSENSUS_PORT),
        new RegionOptions(
            settings.get(Parameters.MEMTABLE_BYTES),
            settings.get(Parameters.MEMTABLE_AGE_MS),
            settings.get(Parameters.PIPE_SEAL_DELAY_MS),
            writeBytesMax,
            writeBytesMax / IN_FLIGHT_PART,
            usual.writeWaitMs(),
            usual.retiredLogBytes(),
            usual.keptLogBytesMax()));
  }

  static ScrubOptions scrub(Settings settings) {
    return new ScrubOptions(
        settings.get(Parameters.DN_SCRUB_INTERVAL_MS),
        settings.get(Parameters.DN_SCRUB_BYTES_PER_SECOND));
  }

  DiskSpace diskSpace(MonotonicClock clock) throws IOException {
    Path data = Files.createDirectories(settings.folder(Parameters.DN_DATA_DIR));
    long bytesMin =
        (long) (Files.getFileStore(data).getTotalSpace() * settings.get(Parameters.DISK_FREE_MIN));
    return new DiskSpace(data, bytesMin, clock);
  }

  ReadCacheOptions caches() {
    ReadCacheOptions usual = ReadCacheOptions.DEFAULT;
    return new ReadCacheOptions(
        usual.indexBytesMax(),
        usual.layoutBytesMax(),
        settings.get(Parameters.DN_CHUNK_CACHE_BYTES),
        OPEN_FILES_MAX,
        usual.verify());
  }

  ClientServerOptions clients() {
    ClientServerOptions usual =
        ClientServerOptions.defaults(
            settings.get(Parameters.DN_RPC_ADDRESS), settings.get(Parameters.DN_RPC_PORT));
    int frameBytesMax = settings.get(Parameters.DN_FRAME_BYTES_MAX);
    return new ClientServerOptions(
        usual.host(),
        usual.port(),
        settings.get(Parameters.DN_CLIENTS_MAX),
        usual.workers(),
        Math.min(usual.loginFrameBytesMax(), frameBytesMax),
        frameBytesMax,
        Math.max(usual.inFlightBytesMax(), frameBytesMax),
        usual.loginWaitMs(),
        usual.frameStallMs(),
        usual.queryIdleMs(),
        usual.sessionIdleMs());
  }

  /**
   * @throws IOException naming the entry of the white list that is none
   */
  PipeServiceOptions pipes(ClusterMembership.Joined joined) throws IOException {
    return new PipeServiceOptions(
        joined.clusterId(),
        settings.folder(Parameters.DN_SYNC_DIR),
        sender(),
        receiver(),
        whiteList(settings));
  }

  static WhiteList whiteList(Settings settings) throws IOException {
    try {
      return WhiteList.parse(settings.get(Parameters.IP_WHITE_LIST));
    } catch (MalformedWhiteListException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private SyncSenderOptions sender() {
    return SyncSenderOptions.DEFAULT.withRetriesMax(settings.get(Parameters.SYNC_RETRIES_MAX));
  }

  private SyncReceiverOptions receiver() {
    SyncReceiverOptions usual = SyncReceiverOptions.DEFAULT;
    // The rest of the port's connections is for clients; a sender too many is told so in words.
    int connectionsMax = Math.max(1, settings.get(Parameters.DN_CLIENTS_MAX) / 4 * 3);
    return new SyncReceiverOptions(
        connectionsMax,
        settings.get(Parameters.DN_STAGING_BYTES_MAX),
        usual.workers(),
        usual.silenceMsMax(),
        usual.ledgerDelayMsMax(),
        usual.loadMsMax());
  }
}
