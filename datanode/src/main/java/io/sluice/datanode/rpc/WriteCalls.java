package io.sluice.datanode.rpc;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.statement.LegalPath;
import io.sluice.datanode.statement.PointWriter;
import io.sluice.datanode.statement.SchemaStatements;
import io.sluice.datanode.statement.StatementExecutor;
import io.sluice.datanode.statement.UntypedRow;
import io.sluice.datanode.statement.WriteOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.service.rpc.thrift.TSCreateAlignedTimeseriesReq;
import org.apache.iotdb.service.rpc.thrift.TSCreateMultiTimeseriesReq;
import org.apache.iotdb.service.rpc.thrift.TSCreateTimeseriesReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertRecordReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertTabletReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertTabletsReq;

/** Writes and schema changes that come as calls of their own, not as SQL. */
final class WriteCalls {
  private final PointWriter writer;
  private final SchemaStatements schema;
  private final TabletRequests tablets;
  private final RecordRequests records;

  WriteCalls(StatementExecutor statements) {
    this.writer = statements.writer();
    this.schema = statements.schema();
    this.tablets = new TabletRequests(writer.storage(), schema.definitions());
    this.records = new RecordRequests(writer.storage(), schema.definitions());
  }

  TSStatus tablet(TSInsertTabletReq request) throws StatusException {
    LogEntry.InsertTablet tablet = tablets.tablet(request);
    return tablet.rows() == 0 ? Answers.success() : Answers.of(writer.writeTablet(tablet));
  }

  TSStatus tablets(TSInsertTabletsReq request) throws StatusException {
    return Answers.of(writer.writeTablets(tablets.tablets(request)));
  }

  TSStatus record(TSInsertRecordReq request) throws StatusException {
    if (request.isSetIsWriteToTable() && request.isIsWriteToTable()) {
      throw new StatusException(StatusCode.UNSUPPORTED, "tables are not supported, only trees");
    }
    LogEntry.Row row =
        records.row(
            request.prefixPath,
            request.isAligned,
            request.timestamp,
            request.measurements,
            request.values);
    return Answers.of(writer.writeRows(List.of(row)).get(0));
  }

  TSStatus texts(
      String device, boolean aligned, long timeMs, List<String> measurements, List<String> texts)
      throws StatusException {
    return Answers.of(
        writer
            .writeUntyped(List.of(records.texts(device, aligned, timeMs, measurements, texts)))
            .get(0));
  }

  /** Parallel lists, one entry per record; a bad record does not keep others back. */
  TSStatus records(
      List<String> devices,
      boolean aligned,
      List<Long> timesMs,
      List<List<String>> measurements,
      List<ByteBuffer> values)
      throws StatusException {
    checkParallel(devices, timesMs, measurements, values);
    return Answers.of(
        eachOf(
            timesMs.size(),
            i ->
                records.row(
                    devices.get(i), aligned, timesMs.get(i), measurements.get(i), values.get(i)),
            writer::writeRows));
  }

  /** The same with values as texts. */
  TSStatus textRecords(
      List<String> devices,
      boolean aligned,
      List<Long> timesMs,
      List<List<String>> measurements,
      List<List<String>> texts)
      throws StatusException {
    checkParallel(devices, timesMs, measurements, texts);
    return Answers.of(
        WriteCalls.<UntypedRow>eachOf(
            timesMs.size(),
            i ->
                records.texts(
                    devices.get(i), aligned, timesMs.get(i), measurements.get(i), texts.get(i)),
            writer::writeUntyped));
  }

  private static void checkParallel(List<?> first, List<?>... others) throws StatusException {
    for (List<?> other : others) {
      if (other.size() != first.size()) {
        throw RecordRequests.illegal("the lists of the records have different lengths");
      }
    }
  }

  @FunctionalInterface
  private interface Reading<R> {
    R row(int index) throws StatusException;
  }

  private static <R> List<WriteOutcome> eachOf(
      int count,
      Reading<R> reading,
      java.util.function.Function<List<R>, List<WriteOutcome>> write) {
    WriteOutcome[] outcomes = new WriteOutcome[count];
    List<R> rows = new ArrayList<>(count);
    List<Integer> places = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      try {
        rows.add(reading.row(i));
        places.add(i);
      } catch (StatusException e) {
        outcomes[i] = WriteOutcome.refused(e);
      }
    }
    List<WriteOutcome> written = write.apply(rows);
    for (int i = 0; i < places.size(); i++) {
      outcomes[places.get(i)] = written.get(i);
    }
    return List.of(outcomes);
  }

  TSStatus create(TSCreateTimeseriesReq request) throws StatusException {
    if (request.measurementAlias != null || !empty(request.tags) || !empty(request.attributes)) {
      throw noTags();
    }
    return Answers.of(
        schema.createSeries(
            List.of(series(request.path, request.dataType, request.encoding, request.compressor))));
  }

  TSStatus create(TSCreateAlignedTimeseriesReq request) throws StatusException {
    checkParallel(request.measurements, request.dataTypes, request.encodings, request.compressors);
    if (request.measurements.isEmpty()) {
      throw RecordRequests.illegal("there is no measurement to create");
    }
    List<SeriesInfo> series = new ArrayList<>();
    for (int i = 0; i < request.measurements.size(); i++) {
      series.add(
          schema
              .definitions()
              .ofNumbers(
                  request.prefixPath,
                  true,
                  request.measurements.get(i),
                  request.dataTypes.get(i),
                  request.encodings.get(i),
                  request.compressors.get(i)));
    }
    return Answers.of(schema.createSeries(series));
  }

  TSStatus create(TSCreateMultiTimeseriesReq request) throws StatusException {
    checkParallel(request.paths, request.dataTypes, request.encodings, request.compressors);
    List<WriteOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < request.paths.size(); i++) {
      try {
        outcomes.add(
            schema.createSeries(
                List.of(
                    series(
                        request.paths.get(i),
                        request.dataTypes.get(i),
                        request.encodings.get(i),
                        request.compressors.get(i)))));
      } catch (StatusException e) {
        outcomes.add(WriteOutcome.refused(e));
      }
    }
    return Answers.of(outcomes);
  }

  private SeriesInfo series(String path, int type, int encoding, int compression)
      throws StatusException {
    List<String> nodes = PathPattern.parse(LegalPath.of(path)).nodes();
    if (nodes.size() < 3) {
      throw new StatusException(StatusCode.ILLEGAL_PATH, path + " is not a legal path");
    }
    int last = nodes.size() - 1;
    return schema
        .definitions()
        .ofNumbers(
            String.join(".", nodes.subList(0, last)),
            false,
            nodes.get(last),
            type,
            encoding,
            compression);
  }

  private static boolean empty(Map<String, String> map) {
    return map == null || map.isEmpty();
  }

  private static StatusException noTags() {
    return new StatusException(
        StatusCode.UNSUPPORTED, "aliases, tags and attributes of series are not supported");
  }

  /** Path by path: one that matches nothing does not keep others back. */
  TSStatus deleteSeries(List<String> paths) throws StatusException {
    List<WriteOutcome> outcomes = new ArrayList<>();
    for (PathPattern pattern : patterns(paths)) {
      try {
        schema.deleteSeries(List.of(pattern));
        outcomes.add(WriteOutcome.DONE);
      } catch (StatusException e) {
        boolean missing = e.code() == StatusCode.PATH_NOT_EXIST;
        String text = missing ? "Path [%s] does not exist".formatted(pattern) : e.getMessage();
        outcomes.add(new WriteOutcome(e.code(), text, false));
      }
    }
    return outcomes.size() == 1 ? Answers.of(outcomes.get(0)) : Answers.of(outcomes);
  }

  TSStatus deleteData(List<String> paths, long fromMs, long toMs) throws StatusException {
    schema.deleteData(patterns(paths), new TimeRange(fromMs, toMs));
    return Answers.success();
  }

  static List<PathPattern> patterns(List<String> paths) throws StatusException {
    LinkedHashMap<String, PathPattern> patterns = new LinkedHashMap<>();
    for (String path : paths) {
      patterns.put(path, LegalPath.pattern(path));
    }
    return List.copyOf(patterns.values());
  }
}
