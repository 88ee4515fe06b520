package io.sluice.datanode.region.entry;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Deletion;
import io.sluice.datanode.region.Resend;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/**
 * What a region's log holds. Applying one is deterministic: whatever could differ between replicas
 * (the time, settings, defaults of a series that does not exist yet) is resolved into the entry
 * before it is proposed.
 */
public sealed interface LogEntry {

  /**
   * A client's tablet: rows of one device, columns as the bytes that came. Creates missing series
   * as {@code columns} say. Refused whole when a column's type, or the device's alignment, is not
   * the schema's.
   *
   * @param columns one per measurement, in the order of the values
   * @param layout how {@code times} and {@code values} are laid out
   */
  record InsertTablet(
      String device,
      boolean aligned,
      List<SeriesSpec> columns,
      int rows,
      TabletLayout layout,
      ByteBuffer times,
      ByteBuffer values)
      implements LogEntry {}

  /**
   * The client protocol's two layouts of a tablet's bytes.
   *
   * @param encoded false: fixed width, big-endian; true: TsFile-encoded by {@code encodings}, then
   *     compressed
   * @param encodings of the time column (first) and of each value column; empty unless encoded
   * @param compression of both buffers, followed by their uncompressed length (int32); UNCOMPRESSED
   *     unless encoded
   */
  record TabletLayout(boolean encoded, List<TSEncoding> encodings, CompressionType compression) {
    public static final TabletLayout PLAIN =
        new TabletLayout(false, List.of(), CompressionType.UNCOMPRESSED);
  }

  /**
   * Single rows, batched on the way in; same rules as a tablet, row by row: one bad row refuses the
   * entry.
   */
  record InsertRows(List<Row> rows) implements LogEntry {}

  /**
   * @param values one per column, never null: Boolean, Integer (INT32, DATE), Long (INT64,
   *     TIMESTAMP), Float, Double, org.apache.tsfile.utils.Binary (TEXT, STRING, BLOB)
   */
  record Row(
      String device, boolean aligned, long time, List<SeriesSpec> columns, List<Object> values) {}

  /** Refused with SERIES_ALREADY_EXISTS when one exists, unless {@code ifNotExists}. */
  record CreateSeries(List<SeriesInfo> series, boolean ifNotExists) implements LogEntry {}

  /** Removes the matching series from the schema and hides all their points. */
  record DeleteSeries(List<PathPattern> patterns) implements LogEntry {}

  /** Hides points of the matching series, as they are when this is applied, within the range. */
  record DeleteData(List<PathPattern> patterns, TimeRange range) implements LogEntry {}

  /** Closes the memtable: a logical boundary, the same on every replica. */
  record Seal() implements LogEntry {}

  /**
   * First entry of every leader of this region: its number in the region's lineage.
   *
   * @param number random, never 0
   */
  record NewLeader(long number) implements LogEntry {}

  /**
   * Adds a TsFile staged on this node, one piece of a source, by compare-and-set on the source's
   * record.
   *
   * @param via how it had come to the source's cluster
   * @param expect the record the region must have, null for none
   * @param set the record it has afterwards
   * @param stagedName the file's name in the region's staging folder
   * @param lengthBytes length of the file
   * @param crc32c checksum of the whole file
   * @param series every series in the file, as the sender's schema has it
   * @param range the smallest and largest time stamp in the file
   */
  record LoadFile(
      Source source,
      Route via,
      AppliedRecord expect,
      AppliedRecord set,
      String stagedName,
      long lengthBytes,
      int crc32c,
      List<SeriesInfo> series,
      TimeRange range)
      implements LogEntry {
    /** Written at the source's cluster. */
    public LoadFile(
        Source source,
        AppliedRecord expect,
        AppliedRecord set,
        String stagedName,
        long lengthBytes,
        int crc32c,
        List<SeriesInfo> series,
        TimeRange range) {
      this(source, Route.HERE, expect, set, stagedName, lengthBytes, crc32c, series, range);
    }

    /** How it came here. */
    public Route route() {
      return via.then(source.clusterId());
    }
  }

  /**
   * A deletion of a source: hides what came the same way, by compare-and-set on the source's
   * record. What else stands there stays.
   *
   * @param via how it had come to the source's cluster
   * @param expect the record the region must have, null for none
   * @param set the record it has afterwards
   */
  record LoadDeletion(
      Source source, Route via, AppliedRecord expect, AppliedRecord set, Deletion deletion)
      implements LogEntry {
    /** Made at the source's cluster. */
    public LoadDeletion(Source source, AppliedRecord expect, AppliedRecord set, Deletion deletion) {
      this(source, Route.HERE, expect, set, deletion);
    }

    /** How it came here. */
    public Route route() {
      return via.then(source.clusterId());
    }
  }

  /**
   * Writes a source's ledger if the region's has {@code expectSession} (0: none yet, or taken over
   * by a handshake that read it as such). What a session wrote late does not bring its own position
   * back.
   */
  record WriteLedger(Ledger ledger, long expectSession) implements LogEntry {}

  /**
   * DROP PIPE: the source's record and ledger go, if the pipe's number is not above {@code
   * pipeNumber}.
   */
  record ForgetSource(Source source, long pipeNumber) implements LogEntry {}

  /**
   * A pipe's receiver refused these series: the pipe holds them back from the range that ends at
   * {@code sinceIndex} on. Refused when it would hold too many.
   *
   * @param atMs when, epoch milliseconds
   */
  record HoldBack(long pipeNumber, long sinceIndex, long atMs, List<SeriesConflict> series)
      implements LogEntry {}

  /** RETRY PIPE ... QUARANTINE: what the pipe holds back rejoins it at this entry's index. */
  record Rejoin(long pipeNumber) implements LogEntry {}

  /** The pipe is dropped: what it holds back is forgotten. */
  record ForgetPipe(long pipeNumber) implements LogEntry {}

  /** What every replica does with its files some time after it has applied the entry. */
  sealed interface FileOrder extends LogEntry {
    /** End of the last range it is about; not above what was durable at the leader. */
    long last();
  }

  /**
   * The files whose end is above {@code after}, up to {@code last}, become one of each origin.
   * Every replica does it some time later, with the files it has then: they hold the same points.
   *
   * @param last not above what was durable at the leader
   * @param applyDeletions points that deletions before this entry hide are left out; else there is
   *     no deletion among the ranges, and they stay as they were written
   */
  record Compact(long after, long last, boolean applyDeletions) implements FileOrder {}

  /**
   * The region's database is dropped, and pipes have still to ship it: all series go with their
   * points, and nothing comes in any more. Without effect the second time.
   */
  record DropDatabase() implements LogEntry {}

  /** REPAIR PIPE: the pipe sends these rows once more, as they stand at this entry's index. */
  record SendAgain(long pipeNumber, List<Resend.Part> parts) implements LogEntry {
    public SendAgain {
      parts = List.copyOf(parts);
    }
  }

  /**
   * The files up to {@code last} whose points are all older than {@code beforeMs} go: their
   * database's TTL says so. See {@code ExpiryPlan}.
   */
  record Expire(long beforeMs, long last) implements FileOrder {}
}
