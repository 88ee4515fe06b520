package io.sluice.datanode.rpc;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.statement.DatabaseStatements;
import java.util.Collections;
import java.util.List;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.service.rpc.thrift.ServerProperties;
import org.apache.iotdb.service.rpc.thrift.TSAggregationQueryReq;
import org.apache.iotdb.service.rpc.thrift.TSCancelOperationReq;
import org.apache.iotdb.service.rpc.thrift.TSCloseOperationReq;
import org.apache.iotdb.service.rpc.thrift.TSCloseSessionReq;
import org.apache.iotdb.service.rpc.thrift.TSCreateAlignedTimeseriesReq;
import org.apache.iotdb.service.rpc.thrift.TSCreateMultiTimeseriesReq;
import org.apache.iotdb.service.rpc.thrift.TSCreateTimeseriesReq;
import org.apache.iotdb.service.rpc.thrift.TSDeleteDataReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteBatchStatementReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementResp;
import org.apache.iotdb.service.rpc.thrift.TSFastLastDataQueryForOneDeviceReq;
import org.apache.iotdb.service.rpc.thrift.TSFastLastDataQueryForOnePrefixPathReq;
import org.apache.iotdb.service.rpc.thrift.TSFetchMetadataReq;
import org.apache.iotdb.service.rpc.thrift.TSFetchMetadataResp;
import org.apache.iotdb.service.rpc.thrift.TSFetchResultsReq;
import org.apache.iotdb.service.rpc.thrift.TSFetchResultsResp;
import org.apache.iotdb.service.rpc.thrift.TSGetTimeZoneResp;
import org.apache.iotdb.service.rpc.thrift.TSInsertRecordReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertRecordsOfOneDeviceReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertRecordsReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertStringRecordReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertStringRecordsOfOneDeviceReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertStringRecordsReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertTabletReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertTabletsReq;
import org.apache.iotdb.service.rpc.thrift.TSLastDataQueryReq;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionReq;
import org.apache.iotdb.service.rpc.thrift.TSOpenSessionResp;
import org.apache.iotdb.service.rpc.thrift.TSRawDataQueryReq;
import org.apache.iotdb.service.rpc.thrift.TSSetTimeZoneReq;

/**
 * The client protocol's calls on one connection: each checks the login, does its work in {@link
 * SessionCalls}, {@link QueryCalls} or {@link WriteCalls}, and answers a status whatever happens.
 * Older names of a call do what the newer does.
 */
final class ClientRpcHandler extends RefusedCalls {
  private final ClientSession session;
  private final CallGuard guard;
  private final SessionCalls sessions;
  private final QueryCalls queries;
  private final WriteCalls writes;
  private final DatabaseStatements databases;

  ClientRpcHandler(
      ClientCalls calls, ClientSession session, ClientConnection connection, MonotonicClock clock) {
    super(connection);
    this.session = session;
    this.guard = new CallGuard(session, calls.credentials(), connection);
    this.sessions = new SessionCalls(calls, session, connection);
    this.queries = new QueryCalls(calls.statements(), session, clock);
    this.writes = new WriteCalls(calls.statements());
    this.databases = calls.statements().databases();
  }

  // ------------------------------------------------------------ session

  @Override
  public TSOpenSessionResp openSession(TSOpenSessionReq req) {
    return guard.open("openSession", () -> sessions.open(req), SessionCalls::opened);
  }

  @Override
  public TSStatus closeSession(TSCloseSessionReq req) {
    return guard.status("closeSession", req.sessionId, sessions::close);
  }

  @Override
  public TSGetTimeZoneResp getTimeZone(long sessionId) {
    return guard.answer(
        "getTimeZone", sessionId, sessions::zone, status -> new TSGetTimeZoneResp(status, ""));
  }

  @Override
  public TSStatus setTimeZone(TSSetTimeZoneReq req) {
    return guard.status("setTimeZone", req.sessionId, () -> sessions.setZone(req.timeZone));
  }

  @Override
  public ServerProperties getProperties() {
    return sessions.properties();
  }

  @Override
  public TSStatus testConnectionEmptyRPC() {
    return Answers.success();
  }

  @Override
  public long requestStatementId(long sessionId) {
    return session.is(sessionId) ? session.newStatementId() : -1;
  }

  // ------------------------------------------------------------ statements and queries

  @Override
  public TSExecuteStatementResp executeQueryStatementV2(TSExecuteStatementReq req) {
    return guard.answer(
        "executeQueryStatementV2",
        req.sessionId,
        () -> queries.execute(req),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeUpdateStatementV2(TSExecuteStatementReq req) {
    return guard.answer(
        "executeUpdateStatementV2",
        req.sessionId,
        () -> queries.execute(req),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeStatementV2(TSExecuteStatementReq req) {
    return guard.answer(
        "executeStatementV2",
        req.sessionId,
        () -> queries.execute(req),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeStatement(TSExecuteStatementReq req) {
    return guard.answer(
        "executeStatement", req.sessionId, () -> queries.execute(req), TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeQueryStatement(TSExecuteStatementReq req) {
    return guard.answer(
        "executeQueryStatement",
        req.sessionId,
        () -> queries.execute(req),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeUpdateStatement(TSExecuteStatementReq req) {
    return guard.answer(
        "executeUpdateStatement",
        req.sessionId,
        () -> queries.execute(req),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeRawDataQueryV2(TSRawDataQueryReq req) {
    return guard.answer(
        "executeRawDataQueryV2",
        req.sessionId,
        () -> queries.raw(req.paths, req.startTime, req.endTime, req.statementId, req.fetchSize),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeRawDataQuery(TSRawDataQueryReq req) {
    return guard.answer(
        "executeRawDataQuery",
        req.sessionId,
        () -> queries.raw(req.paths, req.startTime, req.endTime, req.statementId, req.fetchSize),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeLastDataQueryV2(TSLastDataQueryReq req) {
    return guard.answer(
        "executeLastDataQueryV2",
        req.sessionId,
        () -> queries.last(req.paths, req.time, req.statementId, req.fetchSize),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeLastDataQuery(TSLastDataQueryReq req) {
    return guard.answer(
        "executeLastDataQuery",
        req.sessionId,
        () -> queries.last(req.paths, req.time, req.statementId, req.fetchSize),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeFastLastDataQueryForOnePrefixPath(
      TSFastLastDataQueryForOnePrefixPathReq req) {
    return guard.answer(
        "executeFastLastDataQueryForOnePrefixPath",
        req.sessionId,
        () -> queries.last(below(req.prefixes), Long.MIN_VALUE, req.statementId, req.fetchSize),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeFastLastDataQueryForOneDeviceV2(
      TSFastLastDataQueryForOneDeviceReq req) {
    return guard.answer(
        "executeFastLastDataQueryForOneDeviceV2",
        req.sessionId,
        () ->
            queries.last(
                of(req.deviceId, req.sensors), Long.MIN_VALUE, req.statementId, req.fetchSize),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeAggregationQueryV2(TSAggregationQueryReq req) {
    return guard.answer(
        "executeAggregationQueryV2",
        req.sessionId,
        () -> queries.aggregate(req),
        TSExecuteStatementResp::new);
  }

  @Override
  public TSExecuteStatementResp executeAggregationQuery(TSAggregationQueryReq req) {
    return guard.answer(
        "executeAggregationQuery",
        req.sessionId,
        () -> queries.aggregate(req),
        TSExecuteStatementResp::new);
  }

  private static List<String> below(List<String> prefix) {
    return List.of(String.join(".", prefix) + ".**");
  }

  private static List<String> of(String device, List<String> measurements) {
    return measurements.stream().map(measurement -> device + "." + measurement).toList();
  }

  @Override
  public TSStatus executeBatchStatement(TSExecuteBatchStatementReq req) {
    return guard.status(
        "executeBatchStatement", req.sessionId, () -> queries.executeBatch(req.statements));
  }

  @Override
  public TSFetchResultsResp fetchResultsV2(TSFetchResultsReq req) {
    return guard.answer(
        "fetchResultsV2",
        req.sessionId,
        () -> queries.fetch(req),
        status -> new TSFetchResultsResp(status, false, true));
  }

  @Override
  public TSFetchResultsResp fetchResults(TSFetchResultsReq req) {
    return guard.answer(
        "fetchResults",
        req.sessionId,
        () -> queries.fetch(req),
        status -> new TSFetchResultsResp(status, false, true));
  }

  @Override
  public TSFetchMetadataResp fetchMetadata(TSFetchMetadataReq req) {
    return guard.answer(
        "fetchMetadata", req.sessionId, () -> queries.metadata(req), TSFetchMetadataResp::new);
  }

  @Override
  public TSStatus cancelOperation(TSCancelOperationReq req) {
    return guard.status(
        "cancelOperation",
        req.sessionId,
        () -> {
          session.closeQuery(req.queryId);
          return Answers.success();
        });
  }

  @Override
  public TSStatus closeOperation(TSCloseOperationReq req) {
    return guard.status(
        "closeOperation",
        req.sessionId,
        () -> {
          if (req.isSetQueryId()) {
            session.closeQuery(req.queryId);
          } else if (req.isSetStatementId()) {
            session.closeStatement(req.statementId);
          }
          return Answers.success();
        });
  }

  // ------------------------------------------------------------ schema

  @Override
  public TSStatus createTimeseries(TSCreateTimeseriesReq req) {
    return guard.status("createTimeseries", req.sessionId, () -> writes.create(req));
  }

  @Override
  public TSStatus createAlignedTimeseries(TSCreateAlignedTimeseriesReq req) {
    return guard.status("createAlignedTimeseries", req.sessionId, () -> writes.create(req));
  }

  @Override
  public TSStatus createMultiTimeseries(TSCreateMultiTimeseriesReq req) {
    return guard.status("createMultiTimeseries", req.sessionId, () -> writes.create(req));
  }

  @Override
  public TSStatus deleteTimeseries(long sessionId, List<String> paths) {
    return guard.status("deleteTimeseries", sessionId, () -> writes.deleteSeries(paths));
  }

  @Override
  public TSStatus setStorageGroup(long sessionId, String name) {
    return guard.status(
        "setStorageGroup",
        sessionId,
        () -> {
          databases.create(name);
          return Answers.success();
        });
  }

  @Override
  public TSStatus deleteStorageGroups(long sessionId, List<String> names) {
    return guard.status(
        "deleteStorageGroups",
        sessionId,
        () -> {
          databases.delete(WriteCalls.patterns(names));
          return Answers.success();
        });
  }

  @Override
  public TSStatus deleteData(TSDeleteDataReq req) {
    return guard.status(
        "deleteData",
        req.sessionId,
        () -> writes.deleteData(req.paths, req.startTime, req.endTime));
  }

  // ------------------------------------------------------------ points

  @Override
  public TSStatus insertTablet(TSInsertTabletReq req) {
    return guard.status("insertTablet", req.sessionId, () -> writes.tablet(req));
  }

  @Override
  public TSStatus insertTablets(TSInsertTabletsReq req) {
    return guard.status("insertTablets", req.sessionId, () -> writes.tablets(req));
  }

  @Override
  public TSStatus insertRecord(TSInsertRecordReq req) {
    return guard.status("insertRecord", req.sessionId, () -> writes.record(req));
  }

  @Override
  public TSStatus insertStringRecord(TSInsertStringRecordReq req) {
    return guard.status(
        "insertStringRecord",
        req.sessionId,
        () ->
            writes.texts(
                req.prefixPath, req.isAligned, req.timestamp, req.measurements, req.values));
  }

  @Override
  public TSStatus insertRecords(TSInsertRecordsReq req) {
    return guard.status(
        "insertRecords",
        req.sessionId,
        () ->
            writes.records(
                req.prefixPaths,
                req.isAligned,
                req.timestamps,
                req.measurementsList,
                req.valuesList));
  }

  @Override
  public TSStatus insertStringRecords(TSInsertStringRecordsReq req) {
    return guard.status(
        "insertStringRecords",
        req.sessionId,
        () ->
            writes.textRecords(
                req.prefixPaths,
                req.isAligned,
                req.timestamps,
                req.measurementsList,
                req.valuesList));
  }

  @Override
  public TSStatus insertRecordsOfOneDevice(TSInsertRecordsOfOneDeviceReq req) {
    return guard.status(
        "insertRecordsOfOneDevice",
        req.sessionId,
        () ->
            writes.records(
                repeated(req.prefixPath, req.timestamps),
                req.isAligned,
                req.timestamps,
                req.measurementsList,
                req.valuesList));
  }

  @Override
  public TSStatus insertStringRecordsOfOneDevice(TSInsertStringRecordsOfOneDeviceReq req) {
    return guard.status(
        "insertStringRecordsOfOneDevice",
        req.sessionId,
        () ->
            writes.textRecords(
                repeated(req.prefixPath, req.timestamps),
                req.isAligned,
                req.timestamps,
                req.measurementsList,
                req.valuesList));
  }

  private static List<String> repeated(String device, List<Long> times) {
    return Collections.nCopies(times.size(), device);
  }

  // ------------------------------------------------------------ how fast a network is: nothing is
  // written

  @Override
  public TSStatus testInsertTablet(TSInsertTabletReq req) {
    return guard.status("testInsertTablet", req.sessionId, Answers::success);
  }

  @Override
  public TSStatus testInsertTablets(TSInsertTabletsReq req) {
    return guard.status("testInsertTablets", req.sessionId, Answers::success);
  }

  @Override
  public TSStatus testInsertRecord(TSInsertRecordReq req) {
    return guard.status("testInsertRecord", req.sessionId, Answers::success);
  }

  @Override
  public TSStatus testInsertStringRecord(TSInsertStringRecordReq req) {
    return guard.status("testInsertStringRecord", req.sessionId, Answers::success);
  }

  @Override
  public TSStatus testInsertRecords(TSInsertRecordsReq req) {
    return guard.status("testInsertRecords", req.sessionId, Answers::success);
  }

  @Override
  public TSStatus testInsertRecordsOfOneDevice(TSInsertRecordsOfOneDeviceReq req) {
    return guard.status("testInsertRecordsOfOneDevice", req.sessionId, Answers::success);
  }

  @Override
  public TSStatus testInsertStringRecords(TSInsertStringRecordsReq req) {
    return guard.status("testInsertStringRecords", req.sessionId, Answers::success);
  }
}
