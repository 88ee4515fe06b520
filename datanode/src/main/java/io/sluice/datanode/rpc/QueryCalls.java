package io.sluice.datanode.rpc;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.statement.LegalPath;
import io.sluice.datanode.statement.ResultColumn;
import io.sluice.datanode.statement.StatementExecutor;
import io.sluice.datanode.statement.StatementResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iotdb.common.rpc.thrift.TAggregationType;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.service.rpc.thrift.TSAggregationQueryReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementResp;
import org.apache.iotdb.service.rpc.thrift.TSFetchMetadataReq;
import org.apache.iotdb.service.rpc.thrift.TSFetchMetadataResp;
import org.apache.iotdb.service.rpc.thrift.TSFetchResultsReq;
import org.apache.iotdb.service.rpc.thrift.TSFetchResultsResp;
import org.apache.tsfile.enums.TSDataType;

/** Statements and queries of one session, and the fetches that follow. */
final class QueryCalls {
  private static final int TOO_MANY_QUERIES = 717;
  private static final int FETCH_ROWS_DEFAULT = 5_000;
  private static final int FETCH_ROWS_MAX = 100_000;

  private final StatementExecutor statements;
  private final ClientSession session;
  private final MonotonicClock clock;

  QueryCalls(StatementExecutor statements, ClientSession session, MonotonicClock clock) {
    this.statements = statements;
    this.session = session;
    this.clock = clock;
  }

  TSExecuteStatementResp execute(TSExecuteStatementReq request) throws StatusException {
    StatementResult result = statements.execute(request.statement, session.context());
    if (result instanceof StatementResult.Rows rows) {
      return answer(rows, request.statementId, request.fetchSize);
    }
    if (result instanceof StatementResult.ZoneSet set) {
      session.zone(set.zone());
    }
    String note = result instanceof StatementResult.Done done ? done.note() : "";
    return new TSExecuteStatementResp(Answers.of(StatusCode.SUCCESS, note));
  }

  TSStatus executeBatch(List<String> sqls) {
    return Answers.of(statements.executeBatch(sqls, session.context()));
  }

  /**
   * Rows from {@code fromMs} to before {@code untilMs}.
   *
   * @param paths of series, wildcards allowed
   */
  TSExecuteStatementResp raw(
      List<String> paths, long fromMs, long untilMs, long statementId, int fetchRows)
      throws StatusException {
    return answer(
        statements.queries().rows(patterns(paths), before(fromMs, untilMs), false, 0),
        statementId,
        fetchRows);
  }

  TSExecuteStatementResp last(List<String> paths, long fromMs, long statementId, int fetchRows)
      throws StatusException {
    return answer(statements.queries().last(patterns(paths), fromMs), statementId, fetchRows);
  }

  TSExecuteStatementResp aggregate(TSAggregationQueryReq request) throws StatusException {
    boolean counts =
        request.aggregations.stream().allMatch(one -> one == TAggregationType.COUNT)
            && request.aggregations.size() == request.paths.size();
    if (!counts || request.isSetInterval() && request.interval > 0) {
      throw new StatusException(
          StatusCode.SEMANTIC_ERROR, "only COUNT without an interval is supported");
    }
    long fromMs = request.isSetStartTime() ? request.startTime : Long.MIN_VALUE;
    TimeRange times =
        request.isSetEndTime()
            ? before(fromMs, request.endTime)
            : new TimeRange(fromMs, Long.MAX_VALUE);
    return answer(
        statements.queries().count(patterns(request.paths), times),
        request.statementId,
        request.isSetFetchSize() ? request.fetchSize : FETCH_ROWS_DEFAULT);
  }

  private static TimeRange before(long fromMs, long untilMs) {
    return untilMs == Long.MIN_VALUE
        ? new TimeRange(Long.MAX_VALUE, Long.MIN_VALUE)
        : new TimeRange(fromMs, untilMs - 1);
  }

  private static List<PathPattern> patterns(List<String> paths) throws StatusException {
    List<PathPattern> patterns = new ArrayList<>();
    for (String path : paths) {
      patterns.add(LegalPath.pattern(path));
    }
    return patterns;
  }

  /** The first rows come with the answer; what is left stays open for fetches. */
  private TSExecuteStatementResp answer(StatementResult.Rows rows, long statementId, int fetchRows)
      throws StatusException {
    OpenQuery query = new OpenQuery(session.newQueryId(), statementId, rows, clock.nowMs());
    boolean kept = false;
    try {
      if (session.full()) {
        throw new StatusException(
            TOO_MANY_QUERIES,
            "the session has %d queries open already".formatted(ClientSession.OPEN_QUERIES_MAX));
      }
      List<ByteBuffer> blocks = query.fetch(rowsOf(fetchRows));
      boolean more = query.more();
      TSExecuteStatementResp answer = described(rows);
      answer.setQueryId(query.id());
      answer.setQueryResult(blocks);
      answer.setMoreData(more);
      if (more) {
        session.keep(query);
        kept = true;
      }
      return answer;
    } finally {
      if (!kept) {
        query.close();
      }
    }
  }

  private static int rowsOf(int fetchRows) {
    return fetchRows <= 0 ? FETCH_ROWS_DEFAULT : Math.min(fetchRows, FETCH_ROWS_MAX);
  }

  private TSExecuteStatementResp described(StatementResult.Rows rows) {
    List<String> names = new ArrayList<>();
    List<String> types = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    Map<String, Integer> placeOfName = new HashMap<>();
    for (ResultColumn column : rows.columns()) {
      TSDataType type = column.type();
      names.add(column.name());
      types.add((session.knowsAllTypes() ? type : OpenQuery.older(type)).name());
      places.add(column.block());
      placeOfName.put(column.name(), column.block());
    }
    TSExecuteStatementResp answer = new TSExecuteStatementResp(Answers.success());
    answer.setColumns(names);
    answer.setDataTypeList(types);
    answer.setIgnoreTimeStamp(!rows.withTime());
    answer.setColumnNameIndexMap(placeOfName);
    answer.setColumnIndex2TsBlockColumnIndexList(places);
    return answer;
  }

  TSFetchResultsResp fetch(TSFetchResultsReq request) throws StatusException {
    OpenQuery query = session.query(request.queryId);
    if (query == null) {
      throw new StatusException(
          StatusCode.NO_SUCH_QUERY, "query %d is not open (any more)".formatted(request.queryId));
    }
    boolean more = false;
    try {
      List<ByteBuffer> blocks = query.fetch(rowsOf(request.fetchSize));
      more = query.more();
      TSFetchResultsResp answer =
          new TSFetchResultsResp(Answers.success(), !blocks.isEmpty(), true);
      answer.setQueryResult(blocks);
      answer.setMoreData(more);
      return answer;
    } finally {
      if (!more) {
        session.closeQuery(query.id());
      }
    }
  }

  /** What old JDBC drivers ask of the schema. */
  TSFetchMetadataResp metadata(TSFetchMetadataReq request) throws StatusException {
    TSFetchMetadataResp answer = new TSFetchMetadataResp(Answers.success());
    List<SeriesInfo> series;
    switch (request.type == null ? "" : request.type) {
      case "COLUMN" -> {
        series = statements.schema().find(LegalPath.pattern(request.columnPath));
        if (series.isEmpty()) {
          throw new StatusException(
              StatusCode.PATH_NOT_EXIST, "Path [" + request.columnPath + "] does not exist");
        }
        answer.setDataType(series.get(0).spec().type().name());
      }
      case "ALL_COLUMNS" -> {
        series = statements.schema().find(LegalPath.pattern(request.columnPath));
        answer.setColumnsList(series.stream().map(one -> one.key().path()).toList());
      }
      default ->
          throw new StatusException(
              StatusCode.UNSUPPORTED, "metadata of type " + request.type + " is not supported");
    }
    return answer;
  }
}
