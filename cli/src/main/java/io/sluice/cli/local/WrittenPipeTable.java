package io.sluice.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.thrift.TException;
import org.apache.thrift.protocol.TBinaryProtocol;
import org.apache.thrift.protocol.TField;
import org.apache.thrift.protocol.TList;
import org.apache.thrift.protocol.TProtocol;
import org.apache.thrift.protocol.TProtocolUtil;
import org.apache.thrift.protocol.TType;
import org.apache.thrift.transport.TMemoryInputTransport;

/**
 * The pipe table that a DataNode has written down, read as {@code docs/formats/pipe-table.md} says:
 * what the node does, whatever anybody says about it.
 *
 * @param statusByName RUNNING, STOP or DROP; a pipe in status DROP may be listed or not
 */
public record WrittenPipeTable(long version, SortedMap<String, String> statusByName) {
  private static final int HEADER_BYTES = 16;

  /** In dn_sync_dir, which local nodes leave as it is. */
  private static final String PIPES = "data/datanode/sync/pipes";

  /**
   * Version -1 and no pipes when the node has not written any. Other files may come and go
   * meanwhile: only the table's own is looked at.
   */
  public static WrittenPipeTable of(LocalNode dataNode) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(dataNode.home().resolve(PIPES));
      return read(Arrays.copyOfRange(bytes, HEADER_BYTES, bytes.length));
    } catch (NoSuchFileException e) {
      return new WrittenPipeTable(-1, new TreeMap<>());
    } catch (TException e) {
      throw new IOException("the pipe table of " + dataNode.home() + " cannot be read", e);
    }
  }

  private static WrittenPipeTable read(byte[] table) throws TException {
    TProtocol in = new TBinaryProtocol(new TMemoryInputTransport(table));
    SortedMap<String, String> statusByName = new TreeMap<>();
    long version = -1;
    for (TField field = in.readFieldBegin();
        field.type != TType.STOP;
        field = in.readFieldBegin()) {
      switch (field.id) {
        case 1 -> version = in.readI64();
        case 2 -> {
          TList pipes = in.readListBegin();
          for (int i = 0; i < pipes.size; i++) {
            readPipe(in, statusByName);
          }
        }
        default -> TProtocolUtil.skip(in, field.type);
      }
    }
    return new WrittenPipeTable(version, statusByName);
  }

  private static void readPipe(TProtocol in, SortedMap<String, String> statusByName)
      throws TException {
    String name = "";
    String status = "";
    for (TField field = in.readFieldBegin();
        field.type != TType.STOP;
        field = in.readFieldBegin()) {
      switch (field.id) {
        case 1 -> name = in.readString();
        case 7 -> status = status(in.readI32());
        default -> TProtocolUtil.skip(in, field.type);
      }
    }
    // A dropped pipe that waits for its table may have a successor of the same name.
    if (!status.equals("DROP") || !statusByName.containsKey(name)) {
      statusByName.put(name, status);
    }
  }

  private static String status(int code) {
    return switch (code) {
      case 1 -> "RUNNING";
      case 2 -> "STOP";
      case 3 -> "DROP";
      default -> "status " + code;
    };
  }
}
