package io.sluice.common.config;

import static io.sluice.common.config.Parameter.ConfFile.COMMON;
import static io.sluice.common.config.Parameter.ConfFile.CONFIGNODE;
import static io.sluice.common.config.Parameter.ConfFile.DATANODE;
import static io.sluice.common.config.Parameter.Reload.AT_LOAD_CONFIGURATION;
import static io.sluice.common.config.Parameter.Reload.AT_RESTART;

import java.util.ArrayList;
import java.util.List;

/** Every parameter there is. The files in {@code conf/} are checked against this list by a test. */
public final class Parameters {
  private static final List<Parameter<?>> LISTED = new ArrayList<>();
  private static final String ADDRESS = "an address of this machine, or 0.0.0.0 for all of them";

  // ------------------------------------------------------------------ iotdb-common.properties

  public static final Parameter<String> CLUSTER_NAME =
      listed(
          "cluster_name",
          COMMON,
          Parameter.requiredText("any name"),
          "defaultCluster",
          AT_RESTART,
          "Name of the cluster. A node only joins a cluster of the same name.");
  public static final Parameter<Integer> DATA_REPLICATION_FACTOR =
      listed(
          "data_replication_factor",
          COMMON,
          Parameter.integer(1, 3),
          "1",
          AT_RESTART,
          "Replicas of each region of databases created without DATA_REPLICATION_FACTOR. 3 goes on with one DataNode down;"
              + " 2 survives no loss.");
  public static final Parameter<Integer> SERIES_SLOT_NUM =
      listed(
          "series_slot_num",
          COMMON,
          Parameter.integer(1, 1_000_000),
          "10000",
          AT_RESTART,
          "Slots over which the devices of a database are spread. Fixed when the cluster starts for the first time.");
  public static final Parameter<Integer> HEARTBEAT_INTERVAL_MS =
      listed(
          "heartbeat_interval_in_ms",
          COMMON,
          Parameter.integer(50, 60_000),
          "1000",
          AT_RESTART,
          "How often the leading ConfigNode asks every DataNode whether it is there, in milliseconds.");
  public static final Parameter<Integer> UNKNOWN_AFTER_MS =
      listed(
          "unknown_node_threshold_in_ms",
          COMMON,
          Parameter.integer(200, 3_600_000),
          "20000",
          AT_RESTART,
          "After this time without an answer a node's status is Unknown, in milliseconds.");
  public static final Parameter<Integer> SYNC_RETRIES_MAX =
      listed(
          "max_number_of_sync_file_retry",
          COMMON,
          Parameter.integer(0, Integer.MAX_VALUE),
          "5",
          AT_LOAD_CONFIGURATION,
          "Sender: after this many failures in a row a pipe's message turns from WARN to ERROR. It goes on trying.");
  public static final Parameter<String> IP_WHITE_LIST =
      listed(
          "ip_white_list",
          COMMON,
          Parameter.text("IPv4 or IPv6 segments, separated by commas"),
          "127.0.0.1/32",
          AT_LOAD_CONFIGURATION,
          "Receiver: addresses senders may come from, as network segments such as 192.168.0.0/16. Empty: no sender"
              + " may come. SQL clients are not concerned.");
  public static final Parameter<Boolean> SYNC_REQUIRE_CREDENTIALS =
      listed(
          "sync_require_credentials",
          COMMON,
          Parameter.flag(),
          "false",
          AT_LOAD_CONFIGURATION,
          "Receiver: whether senders must show a user's password, besides being on the white list. Holds at once, also"
              + " for senders that are connected.");
  public static final Parameter<Long> MEMTABLE_BYTES =
      listed(
          "memtable_size_threshold",
          COMMON,
          Parameter.longInteger(1 << 20, 1L << 40),
          "67108864",
          AT_RESTART,
          "A region's memtable is sealed and written to a TsFile when it holds this many bytes.");
  public static final Parameter<Long> MEMTABLE_AGE_MS =
      listed(
          "memtable_age_threshold_in_ms",
          COMMON,
          Parameter.longInteger(1_000, Long.MAX_VALUE),
          "3600000",
          AT_RESTART,
          "A memtable is sealed at this age at the latest, in milliseconds.");
  public static final Parameter<Integer> PIPE_SEAL_DELAY_MS =
      listed(
          "pipe_seal_delay_in_ms",
          COMMON,
          Parameter.integer(10, 60_000),
          "500",
          AT_RESTART,
          "While a running pipe waits for rows, they are sealed this long after the first of them, in milliseconds.");
  public static final Parameter<Double> DISK_FREE_MIN =
      listed(
          "disk_space_warning_threshold",
          COMMON,
          Parameter.fraction(0, 1),
          "0.05",
          AT_RESTART,
          "A DataNode whose disk has a smaller share free than this becomes ReadOnly.");

  // ------------------------------------------------------------------ iotdb-confignode.properties

  public static final Parameter<String> CN_INTERNAL_ADDRESS =
      listed(
          "cn_internal_address",
          CONFIGNODE,
          Parameter.requiredText(ADDRESS),
          "127.0.0.1",
          AT_RESTART,
          "Address on which this ConfigNode listens for the other nodes, and by which they reach it.");
  public static final Parameter<Integer> CN_INTERNAL_PORT =
      listed(
          "cn_internal_port", CONFIGNODE, port(), "10710", AT_RESTART, "Port for the other nodes.");
  public static final Parameter<Integer> CN_CONSENSUS_PORT =
      listed(
          "cn_consensus_port",
          CONFIGNODE,
          port(),
          "10720",
          AT_RESTART,
          "Port for the Raft log between ConfigNodes.");
  public static final Parameter<List<HostPort>> CN_TARGETS =
      listed(
          "cn_target_config_node_list",
          CONFIGNODE,
          Parameter.endpoints(),
          "127.0.0.1:10710",
          AT_RESTART,
          "ConfigNode to join, by its cn_internal_address and cn_internal_port. The first ConfigNode names itself.");
  public static final Parameter<String> CN_SYSTEM_DIR =
      listed(
          "cn_system_dir",
          CONFIGNODE,
          Parameter.requiredText("a folder"),
          "data/confignode/system",
          AT_RESTART,
          "Who this node is, and the Raft log of the cluster's metadata. A relative folder is below the launcher's --home.");
  public static final Parameter<Integer> CN_METRICS_PORT =
      listed(
          "cn_metric_prometheus_reporter_port",
          CONFIGNODE,
          Parameter.integer(0, 65_535),
          "9091",
          AT_RESTART,
          "Port of the Prometheus endpoint, /metrics. 0 switches it off.");

  // ------------------------------------------------------------------ iotdb-datanode.properties

  public static final Parameter<String> DN_RPC_ADDRESS =
      listed(
          "dn_rpc_address",
          DATANODE,
          Parameter.requiredText(ADDRESS),
          "127.0.0.1",
          AT_RESTART,
          "Address for clients and for senders of other clusters.");
  public static final Parameter<Integer> DN_RPC_PORT =
      listed("dn_rpc_port", DATANODE, port(), "6667", AT_RESTART, "Port for clients and senders.");
  public static final Parameter<String> DN_INTERNAL_ADDRESS =
      listed(
          "dn_internal_address",
          DATANODE,
          Parameter.requiredText(ADDRESS),
          "127.0.0.1",
          AT_RESTART,
          "Address on which this DataNode listens for the other nodes, and by which they reach it.");
  public static final Parameter<Integer> DN_INTERNAL_PORT =
      listed(
          "dn_internal_port", DATANODE, port(), "10730", AT_RESTART, "Port for the other nodes.");
  public static final Parameter<Integer> DN_CONSENSUS_PORT =
      listed(
          "dn_data_region_consensus_port",
          DATANODE,
          port(),
          "10760",
          AT_RESTART,
          "Port for the Raft logs of the regions.");
  public static final Parameter<List<HostPort>> DN_TARGETS =
      listed(
          "dn_target_config_node_list",
          DATANODE,
          Parameter.endpoints(),
          "127.0.0.1:10710",
          AT_RESTART,
          "ConfigNodes of the cluster to join; one that answers is enough.");
  public static final Parameter<String> DN_SYSTEM_DIR =
      listed(
          "dn_system_dir",
          DATANODE,
          Parameter.requiredText("a folder"),
          "data/datanode/system",
          AT_RESTART,
          "Who this node is, and its copy of the pipe table. A relative folder is below the launcher's --home.");
  public static final Parameter<String> DN_DATA_DIR =
      listed(
          "dn_data_dirs",
          DATANODE,
          Parameter.requiredText("one folder"),
          "data/datanode/data",
          AT_RESTART,
          "Raft logs (the write-ahead log), manifests and TsFiles of the regions.");
  public static final Parameter<String> DN_SYNC_DIR =
      listed(
          "dn_sync_dir",
          DATANODE,
          Parameter.requiredText("a folder"),
          "data/datanode/sync",
          AT_RESTART,
          "Receiver: files on their way in. Must be on the file system of dn_data_dirs.");
  public static final Parameter<Integer> DN_CLIENTS_MAX =
      listed(
          "dn_rpc_max_concurrent_client_num",
          DATANODE,
          Parameter.integer(1, 65_535),
          "1000",
          AT_RESTART,
          "Connections at once; more are closed. Three quarters of them may be other clusters' senders, which are told"
              + " when there are too many of them.");
  public static final Parameter<Integer> DN_FRAME_BYTES_MAX =
      listed(
          "dn_thrift_max_frame_size",
          DATANODE,
          Parameter.integer(1 << 20, 512 << 20),
          "67108864",
          AT_RESTART,
          "Largest request of a client, in bytes.");
  public static final Parameter<Long> DN_STAGING_BYTES_MAX =
      listed(
          "dn_sync_staging_bytes_max",
          DATANODE,
          Parameter.longInteger(1 << 20, Long.MAX_VALUE),
          "10737418240",
          AT_RESTART,
          "Receiver: bytes of files on their way in, at most. Senders wait beyond it.");
  public static final Parameter<Long> DN_SCRUB_INTERVAL_MS =
      listed(
          "dn_scrub_interval_in_ms",
          DATANODE,
          Parameter.longInteger(0, Long.MAX_VALUE),
          "604800000",
          AT_LOAD_CONFIGURATION,
          "Every byte of the sealed files is compared with its checksum once in this time, in milliseconds. 0: only when"
              + " SCRUB asks for it.");
  public static final Parameter<Long> DN_SCRUB_BYTES_PER_SECOND =
      listed(
          "dn_scrub_bytes_per_second",
          DATANODE,
          Parameter.longInteger(0, 1L << 40),
          "8388608",
          AT_LOAD_CONFIGURATION,
          "No faster than this, in bytes per second, unless SCRUB asks. 0: as fast as the disk is.");
  public static final Parameter<Long> DN_CHUNK_CACHE_BYTES =
      listed(
          "dn_chunk_cache_bytes",
          DATANODE,
          Parameter.longInteger(0, 1L << 40),
          "67108864",
          AT_RESTART,
          "Memory for chunks of TsFiles read lately, in bytes.");
  public static final Parameter<Long> DN_WRITE_BYTES_MAX =
      listed(
          "dn_write_memory_bytes_max",
          DATANODE,
          Parameter.longInteger(1 << 20, 1L << 40),
          "268435456",
          AT_RESTART,
          "Memtables of all regions may hold this many bytes; beyond it writers are slowed, then refused (606).");
  public static final Parameter<Integer> DN_METRICS_PORT =
      listed(
          "dn_metric_prometheus_reporter_port",
          DATANODE,
          Parameter.integer(0, 65_535),
          "9092",
          AT_RESTART,
          "Port of the Prometheus endpoint, /metrics. 0 switches it off.");

  /** All of them, in the order of the files. Immutable. */
  public static final List<Parameter<?>> ALL = List.copyOf(LISTED);

  private Parameters() {}

  private static Parameter.ValueType<Integer> port() {
    return Parameter.integer(1, 65_535);
  }

  private static <T> Parameter<T> listed(
      String key,
      Parameter.ConfFile file,
      Parameter.ValueType<T> type,
      String defaultText,
      Parameter.Reload reload,
      String meaning) {
    Parameter<T> parameter = new Parameter<>(key, file, type, defaultText, reload, meaning);
    LISTED.add(parameter);
    return parameter;
  }
}
