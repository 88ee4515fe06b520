package io.sluice.datanode.cluster;

import io.sluice.datanode.region.entry.LogEntry;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Log entries as bytes, the same on the wire between nodes as in a region's log. Thread-safe. */
public interface EntryBytes {
  ByteBuffer encode(LogEntry entry);

  /**
   * @param bytes may be kept: the entry's buffers can be parts of it
   * @throws IOException when the bytes are no entry of a known version
   */
  LogEntry decode(ByteBuffer bytes) throws IOException;
}
