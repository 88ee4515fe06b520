package io.sluice.datanode.cluster;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.HeldSeriesRow;
import io.sluice.common.rpc.ProposeResp;
import io.sluice.common.rpc.RefusedSeries;
import io.sluice.common.rpc.RegionPeer;
import io.sluice.common.rpc.RegionSyncStateResp;
import io.sluice.common.rpc.ScanReq;
import io.sluice.common.rpc.SeriesRow;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.SharedDevice;
import io.sluice.common.sync.SyncBytes;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.SeriesSpec;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.read.ScanRequest;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.RegionMember;
import io.sluice.datanode.region.ReplicaState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/**
 * Requests and answers about a region, as values on one side and as Thrift structs on the other.
 * Methods that read a peer's struct throw IllegalArgumentException when it makes no sense.
 */
final class RegionMessages {
  static final Status OK = new Status(StatusCode.SUCCESS, "");

  private RegionMessages() {}

  static ProposeResp toWire(ApplyResult result) {
    if (result instanceof ApplyResult.Applied applied) {
      ProposeResp answer = new ProposeResp(OK).setIndex(applied.index());
      SharedDevice shared = applied.shared();
      return shared == null
          ? answer
          : answer
              .setSharedDevice(shared.device())
              .setSharedWith(shared.otherClusterId().toString());
    }
    if (result instanceof ApplyResult.Refused refused) {
      return new ProposeResp(new Status(refused.code(), refused.message())).setLogged(true);
    }
    if (result instanceof ApplyResult.RecordMismatch mismatch) {
      Status status = new Status(StatusCode.RECORD_MISMATCH, "the region has another record");
      return new ProposeResp(status).setActualRecord(bytes(mismatch.actual()));
    }
    if (result instanceof ApplyResult.Conflicts refused) {
      Status status = new Status(StatusCode.METADATA_ERROR, "the schema refuses the piece");
      List<RefusedSeries> series = new ArrayList<>(refused.conflicts().size());
      for (SeriesConflict one : refused.conflicts()) {
        series.add(new RefusedSeries(one.device(), one.measurement(), one.reason()));
      }
      return new ProposeResp(status).setConflicts(series).setLogged(true);
    }
    ApplyResult.Unavailable unavailable = (ApplyResult.Unavailable) result;
    return new ProposeResp(new Status(unavailable.code(), unavailable.message())).setLogged(false);
  }

  static io.sluice.common.rpc.ReplicaState toWire(ReplicaState state) {
    List<RegionPeer> members = new ArrayList<>(state.members().size());
    for (RegionMember member : state.members()) {
      members.add(new RegionPeer(member.nodeId(), new Endpoint(member.host(), member.raftPort())));
    }
    return new io.sluice.common.rpc.ReplicaState(
        state.region().toString(),
        state.leads(),
        state.term(),
        state.running(),
        members,
        state.appliedIndex(),
        state.durableIndex());
  }

  static ProposeResp refusedPropose(Status status) {
    return new ProposeResp(status).setLogged(false);
  }

  static ApplyResult fromWire(ProposeResp answer) {
    Status status = answer.getStatus();
    if (status.getCode() == StatusCode.SUCCESS) {
      SharedDevice shared =
          answer.isSetSharedDevice() && answer.isSetSharedWith()
              ? new SharedDevice(answer.getSharedDevice(), UUID.fromString(answer.getSharedWith()))
              : null;
      return new ApplyResult.Applied(answer.getIndex(), shared);
    }
    if (status.getCode() == StatusCode.RECORD_MISMATCH && answer.isSetActualRecord()) {
      return new ApplyResult.RecordMismatch(record(answer.getActualRecord()));
    }
    if (answer.isSetConflicts()) {
      List<SeriesConflict> conflicts = new ArrayList<>(answer.getConflicts().size());
      for (RefusedSeries one : answer.getConflicts()) {
        conflicts.add(new SeriesConflict(one.getDevice(), one.getMeasurement(), one.getReason()));
      }
      return new ApplyResult.Conflicts(conflicts);
    }
    return answer.isLogged()
        ? new ApplyResult.Refused(status.getCode(), status.getMessage())
        : new ApplyResult.Unavailable(status.getCode(), status.getMessage());
  }

  static ScanReq toWire(UUID region, ScanRequest request) {
    List<String> devices = new ArrayList<>(request.columns().size());
    List<String> measurements = new ArrayList<>(request.columns().size());
    for (SeriesKey column : request.columns()) {
      devices.add(column.device());
      measurements.add(column.measurement());
    }
    List<Integer> types = new ArrayList<>(request.types().size());
    for (TSDataType type : request.types()) {
      types.add((int) type.serialize());
    }
    return new ScanReq(
        region.toString(),
        devices,
        measurements,
        request.times().first(),
        request.times().last(),
        request.descending(),
        request.limitRows(),
        types);
  }

  static ScanRequest fromWire(ScanReq req) {
    int columns = req.getDevicesSize();
    if (req.getMeasurementsSize() != columns || req.getTypesSize() != columns) {
      throw new IllegalArgumentException("devices, measurements and types differ in number");
    }
    List<SeriesKey> keys = new ArrayList<>(columns);
    List<TSDataType> types = new ArrayList<>(columns);
    for (int i = 0; i < columns; i++) {
      keys.add(new SeriesKey(req.getDevices().get(i), req.getMeasurements().get(i)));
      types.add(TSDataType.deserialize(id(req.getTypes().get(i))));
    }
    return new ScanRequest(
        keys,
        types,
        new TimeRange(req.getStartTimeMs(), req.getEndTimeMs()),
        req.isDescending(),
        req.getLimit());
  }

  static SeriesRow toWire(SeriesInfo series) {
    SeriesSpec spec = series.spec();
    return new SeriesRow(
        series.device(),
        spec.measurement(),
        series.aligned(),
        spec.type().serialize(),
        spec.encoding().serialize(),
        spec.compression().serialize());
  }

  static SeriesInfo fromWire(SeriesRow row) {
    return new SeriesInfo(
        row.getDevice(),
        row.isAligned(),
        new SeriesSpec(
            row.getMeasurement(),
            TSDataType.deserialize(id(row.getDataType())),
            TSEncoding.deserialize(id(row.getEncoding())),
            CompressionType.deserialize(id(row.getCompression()))));
  }

  static HeldSeriesRow toWire(HeldPart part) {
    HeldSeries series = part.series();
    HeldSeriesRow row =
        new HeldSeriesRow(
            series.key().device(),
            series.key().measurement(),
            series.sinceIndex(),
            series.rejoinIndex(),
            series.sinceMs(),
            series.reason());
    return part.times() == null
        ? row
        : row.setFirstTimeMs(part.times().first()).setLastTimeMs(part.times().last());
  }

  static HeldPart fromWire(HeldSeriesRow row) {
    HeldSeries series =
        new HeldSeries(
            new SeriesKey(row.getDevice(), row.getMeasurement()),
            row.getSinceIndex(),
            row.getRejoinIndex(),
            row.getSinceMs(),
            row.getReason());
    return new HeldPart(
        series,
        row.isSetFirstTimeMs() ? new TimeRange(row.getFirstTimeMs(), row.getLastTimeMs()) : null);
  }

  static List<String> texts(List<PathPattern> patterns) {
    return patterns.stream().map(PathPattern::toString).toList();
  }

  static List<PathPattern> patterns(List<String> texts) {
    return texts.stream().map(PathPattern::parse).toList();
  }

  static RegionSyncStateResp toWire(RegionAccess.SyncState state) {
    RegionSyncStateResp answer = new RegionSyncStateResp(OK);
    if (state.record() != null) {
      answer.setRecord(bytes(state.record()));
    }
    if (state.ledger() != null) {
      answer.setLedger(bytes(state.ledger()));
    }
    return answer;
  }

  static RegionAccess.SyncState fromWire(RegionSyncStateResp answer) {
    return new RegionAccess.SyncState(
        answer.isSetRecord() ? record(answer.getRecord()) : null,
        answer.isSetLedger() ? ledger(answer.getLedger()) : null);
  }

  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(AppliedRecord record) {
    return record == null ? new byte[0] : bytes(out -> SyncBytes.write(out, record));
  }

  private static byte[] bytes(Ledger ledger) {
    return bytes(out -> SyncBytes.write(out, ledger));
  }

  private static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static AppliedRecord record(byte[] bytes) {
    if (bytes.length == 0) {
      return null;
    }
    try {
      return SyncBytes.readRecord(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new IllegalArgumentException("not a record", e);
    }
  }

  private static Ledger ledger(byte[] bytes) {
    try {
      return SyncBytes.readLedger(new DataInputStream(new ByteArrayInputStream(bytes)));
    } catch (IOException e) {
      throw new IllegalArgumentException("not a ledger", e);
    }
  }

  private static byte id(int number) {
    if (number < Byte.MIN_VALUE || number > Byte.MAX_VALUE) {
      throw new IllegalArgumentException("no such type, encoding or compression: " + number);
    }
    return (byte) number;
  }
}
