package io.sluice.confignode.raft;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis settings for a group of small entries on a small machine. */
final class RaftSettings {
  /** Largest entry the log takes. */
  static final int ENTRY_BYTES_MAX = 2 << 20;

  private static final int PREALLOCATED_BYTES = 64 << 10;
  private static final int SEGMENTS_CACHED = 2;
  private static final int FIRST_ELECTION_MS_MIN = 100;
  private static final int FIRST_ELECTION_MS_MAX = 250;
  private static final int SNAPSHOTS_KEPT = 2;
  private static final int PENDING_ELEMENTS_MAX = 1024;

  /**
   * A member that is down is tried again so often, for as long as it takes: by default it is waited
   * for 5 s after half a minute, and after an hour it would be tried without a pause.
   */
  private static final String RETRIES_OF_A_LOST_MEMBER = "1ms,10, 300ms,1000000000";

  private RaftSettings() {}

  static RaftProperties of(RaftOptions options) {
    RaftProperties p = new RaftProperties();
    RaftServerConfigKeys.setStorageDir(p, List.of(options.folder().toFile()));
    RaftServerConfigKeys.setRemovedGroupsDir(
        p, options.folder().resolveSibling(options.folder().getFileName() + "-removed").toFile());
    RaftServerConfigKeys.setStorageFreeSpaceMin(p, SizeInBytes.ZERO);
    RaftServerConfigKeys.setStagingTimeout(p, ms(options.electionTimeoutMsMax() * 5L));
    GrpcConfigKeys.Server.setHost(p, options.host());
    GrpcConfigKeys.Server.setPort(p, options.port());
    setTimes(p, options);
    setLog(p, options.segmentBytes());
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, options.snapshotEntries());
    RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, SNAPSHOTS_KEPT);
    RaftServerConfigKeys.RetryCache.setExpiryTime(p, TimeDuration.valueOf(5, TimeUnit.SECONDS));
    RaftServerConfigKeys.Write.setElementLimit(p, PENDING_ELEMENTS_MAX);
    return p;
  }

  private static void setTimes(RaftProperties p, RaftOptions options) {
    RaftServerConfigKeys.Rpc.setTimeoutMin(p, ms(options.electionTimeoutMsMin()));
    RaftServerConfigKeys.Rpc.setTimeoutMax(p, ms(options.electionTimeoutMsMax()));
    // A fresh process need not wait long: if there is a leader, its heartbeat or its vote says so.
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, ms(FIRST_ELECTION_MS_MIN));
    RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, ms(FIRST_ELECTION_MS_MAX));
    RaftServerConfigKeys.Rpc.setRequestTimeout(p, ms(options.electionTimeoutMsMax()));
  }

  private static void setLog(RaftProperties p, int segmentBytes) {
    RaftServerConfigKeys.Log.setSegmentSizeMax(p, bytes(segmentBytes));
    RaftServerConfigKeys.Log.setPreallocatedSize(p, bytes(PREALLOCATED_BYTES));
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, SEGMENTS_CACHED);
    RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, bytes(segmentBytes));
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(p, RETRIES_OF_A_LOST_MEMBER);
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, bytes(ENTRY_BYTES_MAX));
    RaftServerConfigKeys.Log.setWriteBufferSize(p, bytes(ENTRY_BYTES_MAX + PREALLOCATED_BYTES));
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
    RaftServerConfigKeys.Log.setPurgeGap(p, 1);
  }

  private static TimeDuration ms(long value) {
    return TimeDuration.valueOf(value, TimeUnit.MILLISECONDS);
  }

  private static SizeInBytes bytes(long value) {
    return SizeInBytes.valueOf(value);
  }
}
