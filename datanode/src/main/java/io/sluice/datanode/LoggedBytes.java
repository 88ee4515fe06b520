package io.sluice.datanode;

import io.sluice.datanode.cluster.EntryBytes;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.entry.LogEntryBytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Between nodes an entry travels as it stands in the log. */
final class LoggedBytes implements EntryBytes {
  @Override
  public ByteBuffer encode(LogEntry entry) {
    return ByteBuffer.wrap(LogEntryBytes.encode(entry));
  }

  @Override
  public LogEntry decode(ByteBuffer bytes) throws IOException {
    return LogEntryBytes.decode(bytes);
  }
}
