package io.sluice.datanode.rpc;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.statement.DefaultStorage;
import io.sluice.datanode.statement.LegalPath;
import io.sluice.datanode.statement.SeriesDefinitions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.iotdb.service.rpc.thrift.TSInsertTabletReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertTabletsReq;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/**
 * Tablets of client calls as log entries: the bytes stay as they came, only what surrounds them is
 * checked. Whether they fit it is the region's to say, which reads them anyway.
 */
final class TabletRequests {
  private final DefaultStorage storage;
  private final SeriesDefinitions definitions;

  TabletRequests(DefaultStorage storage, SeriesDefinitions definitions) {
    this.storage = storage;
    this.definitions = definitions;
  }

  LogEntry.InsertTablet tablet(TSInsertTabletReq request) throws StatusException {
    if (request.isSetWriteToTable() && request.isWriteToTable()) {
      throw new StatusException(StatusCode.UNSUPPORTED, "tables are not supported, only trees");
    }
    List<SeriesSpec> columns = columns(request.measurements, request.types);
    boolean encoded = request.isSetIsCompressed() && request.isIsCompressed();
    LogEntry.TabletLayout layout =
        encoded ? layout(request, columns.size()) : LogEntry.TabletLayout.PLAIN;
    return tablet(
        request.prefixPath,
        request.isIsAligned(),
        columns,
        request.size,
        layout,
        request.timestamps,
        request.values);
  }

  List<LogEntry.InsertTablet> tablets(TSInsertTabletsReq request) throws StatusException {
    int count = request.prefixPaths.size();
    if (request.measurementsList.size() != count
        || request.valuesList.size() != count
        || request.timestampsList.size() != count
        || request.typesList.size() != count
        || request.sizeList.size() != count) {
      throw illegal("the lists of the tablets have different lengths");
    }
    List<LogEntry.InsertTablet> tablets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tablets.add(
          tablet(
              request.prefixPaths.get(i),
              request.isIsAligned(),
              columns(request.measurementsList.get(i), request.typesList.get(i)),
              request.sizeList.get(i),
              LogEntry.TabletLayout.PLAIN,
              request.timestampsList.get(i),
              request.valuesList.get(i)));
    }
    return tablets;
  }

  private static LogEntry.InsertTablet tablet(
      String device,
      boolean aligned,
      List<SeriesSpec> columns,
      int rows,
      LogEntry.TabletLayout layout,
      ByteBuffer times,
      ByteBuffer values)
      throws StatusException {
    return new LogEntry.InsertTablet(
        LegalPath.of(device), aligned, columns, rows, layout, times.slice(), values.slice());
  }

  private List<SeriesSpec> columns(List<String> measurements, List<Integer> types)
      throws StatusException {
    if (measurements.size() != types.size() || measurements.isEmpty()) {
      throw illegal(measurements.size() + " measurements with " + types.size() + " types");
    }
    List<SeriesSpec> columns = new ArrayList<>(measurements.size());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < measurements.size(); i++) {
      String measurement = LegalPath.measurement(measurements.get(i));
      if (!seen.add(measurement)) {
        throw new StatusException(
            StatusCode.SEMANTIC_ERROR, "Insertion contains duplicated measurement: " + measurement);
      }
      TSDataType type = definitions.type(types.get(i));
      columns.add(storage.spec(measurement, type));
    }
    return columns;
  }

  private static LogEntry.TabletLayout layout(TSInsertTabletReq request, int columns)
      throws StatusException {
    List<Byte> numbers = request.encodingTypes == null ? List.of() : request.encodingTypes;
    if (numbers.size() != columns + 1) {
      throw illegal(numbers.size() + " encodings for the time and " + columns + " columns");
    }
    List<TSEncoding> encodings = new ArrayList<>();
    for (byte number : numbers) {
      encodings.add(encoding(number));
    }
    return new LogEntry.TabletLayout(true, encodings, compression(request.compressType));
  }

  private static TSEncoding encoding(byte number) throws StatusException {
    for (TSEncoding encoding : TSEncoding.values()) {
      if (encoding.serialize() == number) {
        return encoding;
      }
    }
    throw illegal("no encoding has the number " + number);
  }

  private static CompressionType compression(byte number) throws StatusException {
    for (CompressionType compression : CompressionType.values()) {
      if (compression.serialize() == number) {
        return compression;
      }
    }
    throw illegal("no compression has the number " + number);
  }

  private static StatusException illegal(String text) {
    return new StatusException(StatusCode.ILLEGAL_PARAMETER, text);
  }
}
