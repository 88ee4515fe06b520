package io.sluice.datanode.region.entry;

import io.sluice.common.sync.Route;
import io.sluice.common.sync.SyncBytes;
import io.sluice.datanode.region.entry.LogEntry.Compact;
import io.sluice.datanode.region.entry.LogEntry.CreateSeries;
import io.sluice.datanode.region.entry.LogEntry.DeleteData;
import io.sluice.datanode.region.entry.LogEntry.DeleteSeries;
import io.sluice.datanode.region.entry.LogEntry.DropDatabase;
import io.sluice.datanode.region.entry.LogEntry.Expire;
import io.sluice.datanode.region.entry.LogEntry.ForgetPipe;
import io.sluice.datanode.region.entry.LogEntry.ForgetSource;
import io.sluice.datanode.region.entry.LogEntry.HoldBack;
import io.sluice.datanode.region.entry.LogEntry.InsertRows;
import io.sluice.datanode.region.entry.LogEntry.InsertTablet;
import io.sluice.datanode.region.entry.LogEntry.LoadDeletion;
import io.sluice.datanode.region.entry.LogEntry.LoadFile;
import io.sluice.datanode.region.entry.LogEntry.NewLeader;
import io.sluice.datanode.region.entry.LogEntry.Rejoin;
import io.sluice.datanode.region.entry.LogEntry.Seal;
import io.sluice.datanode.region.entry.LogEntry.SendAgain;
import io.sluice.datanode.region.entry.LogEntry.WriteLedger;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * A log entry as bytes, in the log and between nodes: {@code docs/formats/log-entry.md}.
 * Big-endian. A tablet's buffers are copied once, into the encoded entry, and decoded as slices of
 * it.
 */
public final class LogEntryBytes {
  /** First bytes of every entry: "SE". */
  static final short MAGIC = 0x5345;

  static final byte VERSION = 1;

  /** Magic, version, kind, length of the body (int32), CRC32C (int32). */
  static final int HEADER_BYTES = 12;

  /** Set in the kind of an entry whose body is deflated. */
  private static final int DEFLATED = 0x80;

  /** Bodies of this size and more are deflated, except tablets: those stay as they came. */
  static final int DEFLATE_FROM_BYTES = 64 << 10;

  /** Largest body a deflated one may become. */
  static final int INFLATED_BYTES_MAX = 256 << 20;

  private LogEntryBytes() {}

  /** The encoded entry; the array is new and belongs to the caller. */
  public static byte[] encode(LogEntry entry) {
    ByteArrayOutputStream head = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(head)) {
      writeBody(out, entry);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    int kind = kind(entry);
    if (entry instanceof InsertTablet tablet) {
      ByteBuffer times = tablet.times().duplicate();
      ByteBuffer values = tablet.values().duplicate();
      int length = Math.addExact(head.size(), Math.addExact(times.remaining(), values.remaining()));
      ByteBuffer all = begin(kind, length);
      all.put(head.toByteArray()).put(times).put(values);
      return finish(all);
    }
    byte[] body = head.toByteArray();
    if (body.length >= DEFLATE_FROM_BYTES) {
      body = deflate(body);
      kind |= DEFLATED;
    }
    return finish(begin(kind, body.length).put(body));
  }

  /**
   * Reads an entry from the whole of {@code bytes}, whose position does not move. A tablet's
   * buffers are slices of it.
   *
   * @throws LogEntryDamagedException for anything {@link #encode} did not write
   */
  public static LogEntry decode(ByteBuffer bytes) throws LogEntryDamagedException {
    ByteBuffer in = bytes.slice();
    if (in.remaining() < HEADER_BYTES || in.getShort(0) != MAGIC) {
      throw new LogEntryDamagedException("not a log entry: " + in.remaining() + " bytes");
    }
    if (in.get(2) != VERSION) {
      throw new LogEntryDamagedException(
          "log entry of version " + in.get(2) + "; this program reads version " + VERSION);
    }
    int length = in.getInt(4);
    if (length != in.remaining() - HEADER_BYTES) {
      throw new LogEntryDamagedException(
          "log entry says " + length + " bytes, has " + (in.remaining() - HEADER_BYTES));
    }
    if (checksum(in) != in.getInt(8)) {
      throw new LogEntryDamagedException("log entry does not match its checksum");
    }
    int kind = in.get(3) & 0xFF;
    ByteBuffer body = in.slice(HEADER_BYTES, length);
    try {
      ByteBuffer plain = (kind & DEFLATED) == 0 ? body : inflate(body);
      LogEntry entry = EntryBodyReader.read(kind & ~DEFLATED, plain);
      if (plain.hasRemaining()) {
        throw new LogEntryDamagedException(plain.remaining() + " bytes after the log entry's end");
      }
      return entry;
    } catch (BufferUnderflowException | IllegalArgumentException | DataFormatException e) {
      throw new LogEntryDamagedException("log entry of kind " + kind + " cannot be read", e);
    } catch (LogEntryDamagedException e) {
      throw e;
    } catch (IOException e) {
      throw new LogEntryDamagedException("log entry of kind " + kind + " cannot be read", e);
    }
  }

  private static ByteBuffer begin(int kind, int bodyBytes) {
    return ByteBuffer.allocate(Math.addExact(HEADER_BYTES, bodyBytes))
        .putShort(MAGIC)
        .put(VERSION)
        .put((byte) kind)
        .putInt(bodyBytes)
        .putInt(0);
  }

  private static byte[] finish(ByteBuffer all) {
    all.flip();
    all.putInt(8, checksum(all));
    return all.array();
  }

  /** Over everything but the checksum itself. */
  private static int checksum(ByteBuffer all) {
    CRC32C crc = new CRC32C();
    crc.update(all.slice(0, 8));
    crc.update(all.slice(HEADER_BYTES, all.limit() - HEADER_BYTES));
    return (int) crc.getValue();
  }

  private static byte[] deflate(byte[] body) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(body);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4 + 64);
      out.writeBytes(ByteBuffer.allocate(4).putInt(body.length).array());
      byte[] piece = new byte[1 << 16];
      while (!deflater.finished()) {
        out.write(piece, 0, deflater.deflate(piece));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static ByteBuffer inflate(ByteBuffer body)
      throws DataFormatException, LogEntryDamagedException {
    int length = body.getInt();
    if (length < 0 || length > INFLATED_BYTES_MAX) {
      throw new LogEntryDamagedException("log entry of " + length + " bytes when inflated");
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(body);
      byte[] plain = new byte[length];
      int done = 0;
      while (done < length) {
        int count = inflater.inflate(plain, done, length - done);
        if (count == 0) {
          throw new LogEntryDamagedException("deflated log entry ends early");
        }
        done += count;
      }
      return ByteBuffer.wrap(plain);
    } finally {
      inflater.end();
    }
  }

  private static int kind(LogEntry entry) {
    if (entry instanceof InsertTablet) {
      return EntryBodyReader.INSERT_TABLET;
    } else if (entry instanceof InsertRows) {
      return EntryBodyReader.INSERT_ROWS;
    } else if (entry instanceof CreateSeries) {
      return EntryBodyReader.CREATE_SERIES;
    } else if (entry instanceof DeleteSeries) {
      return EntryBodyReader.DELETE_SERIES;
    } else if (entry instanceof DeleteData) {
      return EntryBodyReader.DELETE_DATA;
    } else if (entry instanceof Seal) {
      return EntryBodyReader.SEAL;
    } else if (entry instanceof NewLeader) {
      return EntryBodyReader.NEW_LEADER;
    } else if (entry instanceof LoadFile) {
      return EntryBodyReader.LOAD_FILE;
    } else if (entry instanceof WriteLedger) {
      return EntryBodyReader.WRITE_LEDGER;
    } else if (entry instanceof ForgetSource) {
      return EntryBodyReader.FORGET_SOURCE;
    } else if (entry instanceof LoadDeletion) {
      return EntryBodyReader.LOAD_DELETION;
    } else if (entry instanceof HoldBack) {
      return EntryBodyReader.HOLD_BACK;
    } else if (entry instanceof Rejoin) {
      return EntryBodyReader.REJOIN;
    } else if (entry instanceof ForgetPipe) {
      return EntryBodyReader.FORGET_PIPE;
    } else if (entry instanceof Compact) {
      return EntryBodyReader.COMPACT;
    } else if (entry instanceof SendAgain) {
      return EntryBodyReader.SEND_AGAIN;
    } else if (entry instanceof Expire) {
      return EntryBodyReader.EXPIRE;
    } else if (entry instanceof DropDatabase) {
      return EntryBodyReader.DROP_DATABASE;
    }
    throw new IllegalArgumentException("no bytes for " + entry.getClass());
  }

  private static void writeBody(DataOutputStream out, LogEntry entry) throws IOException {
    if (entry instanceof InsertTablet tablet) {
      EntryFields.writeTabletHead(out, tablet);
    } else if (entry instanceof InsertRows rows) {
      EntryFields.writeRows(out, rows.rows());
    } else if (entry instanceof CreateSeries create) {
      out.writeBoolean(create.ifNotExists());
      EntryFields.writeSeries(out, create.series());
    } else if (entry instanceof DeleteSeries delete) {
      EntryFields.writePatterns(out, delete.patterns());
    } else if (entry instanceof DeleteData delete) {
      EntryFields.writePatterns(out, delete.patterns());
      EntryFields.writeRange(out, delete.range());
    } else if (entry instanceof NewLeader leader) {
      out.writeLong(leader.number());
    } else if (entry instanceof LoadFile load) {
      SyncBytes.write(out, load.source());
      SyncBytes.write(out, load.expect());
      SyncBytes.write(out, load.set());
      EntryFields.writeText(out, load.stagedName());
      out.writeLong(load.lengthBytes());
      out.writeInt(load.crc32c());
      EntryFields.writeSeries(out, load.series());
      EntryFields.writeRange(out, load.range());
      writeVia(out, load.via());
    } else if (entry instanceof WriteLedger write) {
      out.writeLong(write.expectSession());
      SyncBytes.write(out, write.ledger());
    } else if (entry instanceof ForgetSource forget) {
      SyncBytes.write(out, forget.source());
      out.writeLong(forget.pipeNumber());
    } else if (entry instanceof LoadDeletion load) {
      SyncBytes.write(out, load.source());
      SyncBytes.write(out, load.expect());
      SyncBytes.write(out, load.set());
      DeletionFields.write(out, load.deletion());
      writeVia(out, load.via());
    } else if (entry instanceof HoldBack hold) {
      out.writeLong(hold.pipeNumber());
      out.writeLong(hold.sinceIndex());
      out.writeLong(hold.atMs());
      EntryFields.writeConflicts(out, hold.series());
    } else if (entry instanceof Rejoin rejoin) {
      out.writeLong(rejoin.pipeNumber());
    } else if (entry instanceof ForgetPipe forget) {
      out.writeLong(forget.pipeNumber());
    } else if (entry instanceof Compact compact) {
      out.writeLong(compact.after());
      out.writeLong(compact.last());
      out.writeBoolean(compact.applyDeletions());
    } else if (entry instanceof SendAgain again) {
      out.writeLong(again.pipeNumber());
      ResendFields.write(out, again.parts());
    } else if (entry instanceof Expire expire) {
      out.writeLong(expire.beforeMs());
      out.writeLong(expire.last());
    }
  }

  /** Last in its entry, and only where there is one: entries of before have none. */
  private static void writeVia(DataOutputStream out, Route via) throws IOException {
    if (!via.isHere()) {
      SyncBytes.write(out, via);
    }
  }
}
