package io.sluice.datanode.region.host;

import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.memtable.WrittenPoints;
import java.util.List;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * A log entry on its way through this process's Raft server: its bytes for the log, and its points
 * worked out by the proposing thread, so that the one applying thread need not.
 */
final class EncodedEntry implements Message {
  private final ByteString bytes;
  private final LogEntry entry;
  private final List<WrittenPoints> points;

  /**
   * @param bytes the encoded entry; not copied, never to be changed
   * @param points as worked out from the entry, null when that is left to the applying thread
   */
  EncodedEntry(byte[] bytes, LogEntry entry, List<WrittenPoints> points) {
    this.bytes = UnsafeByteOperations.unsafeWrap(bytes);
    this.entry = entry;
    this.points = points;
  }

  LogEntry entry() {
    return entry;
  }

  List<WrittenPoints> points() {
    return points;
  }

  @Override
  public ByteString getContent() {
    return bytes;
  }

  @Override
  public String toString() {
    return "entry of " + bytes.size() + " bytes";
  }
}
