package io.sluice.datanode.region.entry;

import io.sluice.common.path.PathPattern;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.SyncBytes;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Deletion;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads the body of an entry by its kind. */
final class EntryBodyReader {
  static final int INSERT_TABLET = 1;
  static final int INSERT_ROWS = 2;
  static final int CREATE_SERIES = 3;
  static final int DELETE_SERIES = 4;
  static final int DELETE_DATA = 5;
  static final int SEAL = 6;
  static final int NEW_LEADER = 7;
  static final int LOAD_FILE = 8;
  static final int WRITE_LEDGER = 9;
  static final int FORGET_SOURCE = 10;
  static final int LOAD_DELETION = 19;
  static final int HOLD_BACK = 20;
  static final int REJOIN = 21;
  static final int FORGET_PIPE = 22;
  static final int COMPACT = 11;
  static final int EXPIRE = 12;
  static final int SEND_AGAIN = 24;
  static final int DROP_DATABASE = 26;

  private EntryBodyReader() {}

  static LogEntry read(int kind, ByteBuffer in) throws IOException {
    DataInputStream sync = new DataInputStream(new ByteBufferStream(in));
    switch (kind) {
      case INSERT_TABLET:
        return EntryFields.readTablet(in);
      case INSERT_ROWS:
        return new LogEntry.InsertRows(EntryFields.readRows(in));
      case CREATE_SERIES:
        boolean ifNotExists = EntryFields.readFlag(in);
        return new LogEntry.CreateSeries(EntryFields.readSeries(in), ifNotExists);
      case DELETE_SERIES:
        return new LogEntry.DeleteSeries(EntryFields.readPatterns(in));
      case DELETE_DATA:
        List<PathPattern> patterns = EntryFields.readPatterns(in);
        return new LogEntry.DeleteData(patterns, EntryFields.readRange(in));
      case SEAL:
        return new LogEntry.Seal();
      case NEW_LEADER:
        return new LogEntry.NewLeader(in.getLong());
      case LOAD_FILE:
        return readLoadFile(in, sync);
      case WRITE_LEDGER:
        long expectSession = in.getLong();
        return new LogEntry.WriteLedger(SyncBytes.readLedger(sync), expectSession);
      case FORGET_SOURCE:
        Source source = SyncBytes.readSource(sync);
        return new LogEntry.ForgetSource(source, in.getLong());
      case LOAD_DELETION:
        Source from = SyncBytes.readSource(sync);
        AppliedRecord expect = SyncBytes.readRecord(sync);
        AppliedRecord set = SyncBytes.readRecord(sync);
        Deletion deletion = DeletionFields.read(in);
        return new LogEntry.LoadDeletion(from, readVia(in, sync), expect, set, deletion);
      case HOLD_BACK:
        long pipeNumber = in.getLong();
        long sinceIndex = in.getLong();
        long atMs = in.getLong();
        return new LogEntry.HoldBack(pipeNumber, sinceIndex, atMs, EntryFields.readConflicts(in));
      case REJOIN:
        return new LogEntry.Rejoin(in.getLong());
      case FORGET_PIPE:
        return new LogEntry.ForgetPipe(in.getLong());
      case COMPACT:
        long after = in.getLong();
        long last = in.getLong();
        return new LogEntry.Compact(after, last, EntryFields.readFlag(in));
      case SEND_AGAIN:
        long sentBy = in.getLong();
        return new LogEntry.SendAgain(sentBy, ResendFields.read(in));
      case EXPIRE:
        long beforeMs = in.getLong();
        return new LogEntry.Expire(beforeMs, in.getLong());
      case DROP_DATABASE:
        return new LogEntry.DropDatabase();
      default:
        throw new LogEntryDamagedException("log entry of unknown kind " + kind);
    }
  }

  private static LogEntry readLoadFile(ByteBuffer in, DataInputStream sync) throws IOException {
    Source source = SyncBytes.readSource(sync);
    AppliedRecord expect = SyncBytes.readRecord(sync);
    AppliedRecord set = SyncBytes.readRecord(sync);
    String stagedName = EntryFields.readText(in);
    long lengthBytes = in.getLong();
    int crc32c = in.getInt();
    List<SeriesInfo> series = EntryFields.readSeries(in);
    TimeRange range = EntryFields.readRange(in);
    Route via = readVia(in, sync);
    return new LogEntry.LoadFile(
        source, via, expect, set, stagedName, lengthBytes, crc32c, series, range);
  }

  private static Route readVia(ByteBuffer in, DataInputStream sync) throws IOException {
    return in.hasRemaining() ? SyncBytes.readRoute(sync) : Route.HERE;
  }
}
