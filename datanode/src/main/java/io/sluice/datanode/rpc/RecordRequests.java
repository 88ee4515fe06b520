package io.sluice.datanode.rpc;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.statement.DefaultStorage;
import io.sluice.datanode.statement.LegalPath;
import io.sluice.datanode.statement.SeriesDefinitions;
import io.sluice.datanode.statement.UntypedRow;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;

/** Records of client calls as rows: each value is its type's number and its big-endian bytes. */
final class RecordRequests {
  private static final byte NULL_VALUE = -2;

  private final DefaultStorage storage;
  private final SeriesDefinitions definitions;

  RecordRequests(DefaultStorage storage, SeriesDefinitions definitions) {
    this.storage = storage;
    this.definitions = definitions;
  }

  LogEntry.Row row(
      String device, boolean aligned, long timeMs, List<String> measurements, ByteBuffer values)
      throws StatusException {
    if (values == null) {
      throw illegal("a record without values");
    }
    ByteBuffer in = values.slice();
    List<SeriesSpec> columns = new ArrayList<>(measurements.size());
    List<Object> row = new ArrayList<>(measurements.size());
    checkDistinct(measurements);
    try {
      for (String measurement : measurements) {
        byte number = in.get();
        if (number == NULL_VALUE) {
          continue;
        }
        TSDataType type = definitions.type(number);
        columns.add(storage.spec(LegalPath.measurement(measurement), type));
        row.add(value(type, in));
      }
    } catch (BufferUnderflowException e) {
      throw new StatusException(
          StatusCode.ILLEGAL_PARAMETER, "the values of a record end too early", e);
    }
    if (in.hasRemaining()) {
      throw illegal(in.remaining() + " bytes follow the values of a record");
    }
    return new LogEntry.Row(LegalPath.of(device), aligned, timeMs, columns, row);
  }

  UntypedRow texts(
      String device, boolean aligned, long timeMs, List<String> measurements, List<String> texts)
      throws StatusException {
    if (measurements.size() != texts.size()) {
      throw illegal(measurements.size() + " measurements with " + texts.size() + " values");
    }
    checkDistinct(measurements);
    List<String> checked = new ArrayList<>(measurements.size());
    for (String measurement : measurements) {
      checked.add(LegalPath.measurement(measurement));
    }
    return UntypedRow.ofTexts(LegalPath.of(device), aligned, timeMs, checked, texts);
  }

  private static void checkDistinct(List<String> measurements) throws StatusException {
    Set<String> seen = new HashSet<>();
    for (String measurement : measurements) {
      if (!seen.add(measurement)) {
        throw new StatusException(
            StatusCode.SEMANTIC_ERROR, "Insertion contains duplicated measurement: " + measurement);
      }
    }
  }

  private static Object value(TSDataType type, ByteBuffer in) throws StatusException {
    return switch (type) {
      case BOOLEAN -> in.get() != 0;
      case INT32, DATE -> in.getInt();
      case INT64, TIMESTAMP -> in.getLong();
      case FLOAT -> in.getFloat();
      case DOUBLE -> in.getDouble();
      default -> {
        int lengthBytes = in.getInt();
        if (lengthBytes < 0 || lengthBytes > in.remaining()) {
          throw illegal("a text of " + lengthBytes + " bytes in a record of fewer");
        }
        byte[] bytes = new byte[lengthBytes];
        in.get(bytes);
        yield new Binary(bytes);
      }
    };
  }

  static StatusException illegal(String text) {
    return new StatusException(StatusCode.ILLEGAL_PARAMETER, text);
  }
}
