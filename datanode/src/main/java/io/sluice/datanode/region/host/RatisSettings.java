package io.sluice.datanode.region.host;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis's settings for data regions: every append fsynced, little memory, slow elections. */
final class RatisSettings {
  /** Largest encoded entry; larger tablets are split by rows. */
  static final int ENTRY_BYTES_MAX = 4 << 20;

  /** What Ratis puts around an entry of ours. */
  private static final int ENTRY_WRAPPING_BYTES = 64 << 10;

  private static final int SEGMENT_BYTES = 8 << 20;
  private static final int PREALLOCATED_BYTES = 64 << 10;
  private static final int CACHED_SEGMENTS_MAX = 2;
  private static final int CLIENT_THREADS_MAX = 4;
  private static final int OUTSTANDING_APPENDS_MAX = 8;

  /**
   * A member that is down is tried again so often, for as long as it takes: by default it is waited
   * for 5 s after half a minute, and after an hour it would be tried without a pause.
   */
  private static final String RETRIES_OF_A_LOST_MEMBER = "1ms,10, 500ms,1000000000";

  private RatisSettings() {}

  /**
   * @param logFolder where every group's log is, and {@code removed} beside it
   * @param port 0 for any free one
   */
  static RaftProperties of(Path logFolder, String host, int port) {
    RaftProperties properties = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(properties, List.of(logFolder.toFile()));
    File removed = logFolder.resolveSibling("raft-removed").toFile();
    RaftServerConfigKeys.setRemovedGroupsDir(properties, removed);
    GrpcConfigKeys.Server.setHost(properties, host);
    GrpcConfigKeys.Server.setPort(properties, port);
    log(properties);
    elections(properties);
    limits(properties);
    return properties;
  }

  private static void log(RaftProperties properties) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, SizeInBytes.valueOf(SEGMENT_BYTES));
    RaftServerConfigKeys.Log.setPreallocatedSize(
        properties, SizeInBytes.valueOf(PREALLOCATED_BYTES));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, CACHED_SEGMENTS_MAX);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(
        properties, SizeInBytes.valueOf(CACHED_SEGMENTS_MAX * (long) SEGMENT_BYTES));
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(
        properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX + ENTRY_WRAPPING_BYTES));
    RaftServerConfigKeys.Log.setWriteBufferSize(
        properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX + 2 * ENTRY_WRAPPING_BYTES));
    RaftServerConfigKeys.Log.setUnsafeFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setAsyncFlushEnabled(properties, false);
    RaftServerConfigKeys.Log.setCorruptionPolicy(
        properties, RaftServerConfigKeys.Log.CorruptionPolicy.EXCEPTION);
    // Without it the commit index is not written after every answered write: one fsync less for
    // each; a restart learns it from the election.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    // What is purged and when is LogRetention's to say.
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(properties, false);
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, RETRIES_OF_A_LOST_MEMBER);
  }

  private static void elections(RaftProperties properties) {
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, ms(1_000));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, ms(2_000));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(properties, ms(50));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(properties, ms(150));
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    // A member that says nothing for this long is not taken in.
    RaftServerConfigKeys.setStagingTimeout(properties, ms(10_000));
    RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);
    RaftServerConfigKeys.Read.setTimeout(properties, ms(10_000));
    // A machine that was suspended goes on afterwards.
    RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(3650, TimeUnit.DAYS));
  }

  private static void limits(RaftProperties properties) {
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, ms(5_000));
    // Per follower and region, of entries up to the largest each.
    GrpcConfigKeys.Server.setLeaderOutstandingAppendsMax(properties, OUTSTANDING_APPENDS_MAX);
    // The budget of bytes in flight is ours; these only must not be lower.
    RaftServerConfigKeys.Write.setElementLimit(properties, 1 << 17);
    RaftServerConfigKeys.Write.setByteLimit(properties, SizeInBytes.valueOf("1GB"));
    RaftServerConfigKeys.ThreadPool.setClientCached(properties, true);
    RaftServerConfigKeys.ThreadPool.setClientSize(properties, CLIENT_THREADS_MAX);
    RaftServerConfigKeys.ThreadPool.setServerCached(properties, true);
    RaftServerConfigKeys.ThreadPool.setServerSize(properties, CLIENT_THREADS_MAX);
  }

  private static TimeDuration ms(long milliseconds) {
    return TimeDuration.valueOf(milliseconds, TimeUnit.MILLISECONDS);
  }
}
