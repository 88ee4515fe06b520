package io.sluice.datanode.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.statement.FakeCluster;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iotdb.common.rpc.thrift.TAggregationType;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.apache.iotdb.service.rpc.thrift.TPipeTransferReq;
import org.apache.iotdb.service.rpc.thrift.TSAggregationQueryReq;
import org.apache.iotdb.service.rpc.thrift.TSCloseOperationReq;
import org.apache.iotdb.service.rpc.thrift.TSCloseSessionReq;
import org.apache.iotdb.service.rpc.thrift.TSCreateMultiTimeseriesReq;
import org.apache.iotdb.service.rpc.thrift.TSDeleteDataReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteBatchStatementReq;
import org.apache.iotdb.service.rpc.thrift.TSExecuteStatementResp;
import org.apache.iotdb.service.rpc.thrift.TSFetchResultsReq;
import org.apache.iotdb.service.rpc.thrift.TSFetchResultsResp;
import org.apache.iotdb.service.rpc.thrift.TSInsertRecordReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertRecordsReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertStringRecordReq;
import org.apache.iotdb.service.rpc.thrift.TSInsertTabletReq;
import org.apache.iotdb.service.rpc.thrift.TSLastDataQueryReq;
import org.apache.iotdb.service.rpc.thrift.TSRawDataQueryReq;
import org.apache.iotdb.service.rpc.thrift.TSSetTimeZoneReq;
import org.apache.tsfile.compress.ICompressor;
import org.apache.tsfile.encoding.encoder.Encoder;
import org.apache.tsfile.encoding.encoder.TSEncodingBuilder;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.column.TsBlockSerde;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What single calls answer, over a socket with the published stubs. */
@Timeout(180)
class ClientCallsTest {
  private final FakeCluster cluster = new FakeCluster();
  private ClientServer server;
  private RawClient client;

  @BeforeEach
  void start() throws Exception {
    server =
        new ClientServer(
            ClientServerOptions.defaults("127.0.0.1", 0),
            new ClientCalls(cluster.executor(), Credentials.of("root", "root")),
            new ProtocolSwitch.None(),
            MonotonicClock.SYSTEM);
    client = new RawClient(server.port()).loggedIn();
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private void ok(TSStatus status) {
    assertThat(status.getCode()).as(status.getMessage()).isEqualTo(200);
    assertThat(status.getMessage()).isNotNull();
  }

  private TSExecuteStatementResp ok(TSExecuteStatementResp answer) {
    ok(answer.getStatus());
    return answer;
  }

  private static TsBlock block(ByteBuffer bytes) {
    return new TsBlockSerde().deserialize(bytes);
  }

  @Test
  void logins() throws Exception {
    try (RawClient other = new RawClient(server.port())) {
      for (String password : new String[] {"", "Root", "root\nroot"}) {
        assertThat(other.open("root", password, Map.of()).getStatus().getCode()).isEqualTo(801);
      }
      assertThat(other.open("nobody", "root", Map.of()).getStatus().getCode()).isEqualTo(801);
      assertThat(other.execute("show version", 1).getStatus().getCode()).isEqualTo(802);
      assertThat(
              other.open("root", "root", Map.of("sql_dialect", "table")).getStatus().getMessage())
          .contains("sql_dialect=table");
      ok(other.open("root", "root", Map.of()).getStatus());
      ok(other.execute("show version", 1));
      other.sessionId = client.sessionId;
      assertThat(other.execute("show version", 1).getStatus().getCode())
          .as("another connection's session is not this one's")
          .isEqualTo(802);
    }
    ok(client.calls.closeSession(new TSCloseSessionReq(client.sessionId)));
    assertThat(client.execute("show version", 1).getStatus().getCode()).isEqualTo(802);
  }

  @Test
  void theZoneIsTheSessions() throws Exception {
    ok(client.calls.setTimeZone(new TSSetTimeZoneReq(client.sessionId, "+08:00")));
    assertThat(client.calls.getTimeZone(client.sessionId).getTimeZone()).isEqualTo("+08:00");
    assertThat(
            client.calls.setTimeZone(new TSSetTimeZoneReq(client.sessionId, "Nowhere")).getCode())
        .isEqualTo(703);
    ok(client.execute("insert into root.db.d(time,s) values(1970-01-01T08:00:00,1)", 1));
    assertThat(block(ok(client.execute("select s from root.db.d", 1)).queryResult.get(0)))
        .extracting(block -> block.getTimeByIndex(0))
        .isEqualTo(0L);
    ok(client.execute("SET TIME_ZONE=Asia/Tokyo", 1));
    assertThat(client.calls.getTimeZone(client.sessionId).getTimeZone()).isEqualTo("Asia/Tokyo");
  }

  private void thousandRows() throws Exception {
    StringBuilder sql = new StringBuilder("insert into root.db.d(time,s) values(0,0)");
    for (int i = 1; i < 1_000; i++) {
      sql.append(",(").append(i).append(',').append(i).append(')');
    }
    ok(client.execute(sql.toString(), 1));
  }

  @Test
  void aQueryIsFetchedInParts() throws Exception {
    thousandRows();
    TSExecuteStatementResp first = ok(client.execute("select s, s from root.db.d", 150));
    assertThat(first.getColumns()).containsExactly("root.db.d.s", "root.db.d.s");
    assertThat(first.getDataTypeList()).containsExactly("FLOAT", "FLOAT");
    assertThat(first.getColumnIndex2TsBlockColumnIndexList()).containsExactly(0, 0);
    assertThat(first.getColumnNameIndexMap()).containsExactly(Map.entry("root.db.d.s", 0));
    assertThat(first.isIgnoreTimeStamp()).isFalse();
    assertThat(first.isMoreData()).isTrue();
    List<Long> times = new ArrayList<>();
    addTimes(first.queryResult, times);
    assertThat(times).hasSize(150);
    assertThat(first.queryResult).as("blocks of 100 rows, cut where the fetch ends").hasSize(2);
    boolean more = true;
    int fetches = 0;
    while (more) {
      TSFetchResultsResp next =
          client.calls.fetchResultsV2(
              new TSFetchResultsReq(client.sessionId, "", 150, first.queryId, true));
      ok(next.getStatus());
      assertThat(next.isHasResultSet()).isTrue();
      addTimes(next.queryResult, times);
      more = next.isMoreData();
      fetches++;
    }
    assertThat(fetches).isEqualTo(6);
    assertThat(times).hasSize(1_000).isSorted().doesNotHaveDuplicates();
    assertThat(cluster.openScans()).isZero();
    TSFetchResultsResp after =
        client.calls.fetchResultsV2(
            new TSFetchResultsReq(client.sessionId, "", 150, first.queryId, true));
    assertThat(after.getStatus().getCode()).isEqualTo(714);
  }

  private static void addTimes(List<ByteBuffer> blocks, List<Long> times) {
    for (ByteBuffer bytes : blocks) {
      TsBlock block = block(bytes);
      for (int i = 0; i < block.getPositionCount(); i++) {
        assertThat(block.getColumn(0).getFloat(i)).isEqualTo((float) block.getTimeByIndex(i));
        times.add(block.getTimeByIndex(i));
      }
    }
  }

  @Test
  void queriesAreClosedByIdByStatementAndAreBounded() throws Exception {
    thousandRows();
    long query = client.execute("select s from root.db.d", 10).queryId;
    client.execute("select s from root.db.d", 10);
    TSCloseOperationReq close = new TSCloseOperationReq(client.sessionId);
    close.setQueryId(query);
    close.setStatementId(client.statementId);
    ok(client.calls.closeOperation(close));
    assertThat(cluster.openScans()).isEqualTo(1);
    close.unsetQueryId();
    ok(client.calls.closeOperation(close));
    assertThat(cluster.openScans()).isZero();
    for (int i = 0; i < ClientSession.OPEN_QUERIES_MAX; i++) {
      ok(client.execute("select s from root.db.d", 10));
    }
    assertThat(client.execute("select s from root.db.d", 10).getStatus().getCode()).isEqualTo(717);
    assertThat(cluster.openScans()).isEqualTo(ClientSession.OPEN_QUERIES_MAX);
    ok(client.calls.closeSession(new TSCloseSessionReq(client.sessionId)));
    assertThat(cluster.openScans()).isZero();
  }

  private static ByteBuffer values(Object... values) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (Object value : values) {
      if (value == null) {
        out.writeByte(-2);
      } else if (value instanceof Integer number) {
        out.writeByte(TSDataType.INT32.getType());
        out.writeInt(number);
      } else if (value instanceof Double number) {
        out.writeByte(TSDataType.DOUBLE.getType());
        out.writeDouble(number);
      } else {
        byte[] text = value.toString().getBytes(StandardCharsets.UTF_8);
        out.writeByte(TSDataType.STRING.getType());
        out.writeInt(text.length);
        out.write(text);
      }
    }
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  @Test
  void oldClientsGetTheTypesTheyKnow() throws Exception {
    for (String type : List.of("DATE", "TIMESTAMP", "STRING", "BLOB")) {
      ok(client.execute("CREATE TIMESERIES root.db.d.s_" + type + " WITH DATATYPE=" + type, 1));
    }
    ok(
        client.execute(
            "insert into root.db.d(time,s_DATE,s_TIMESTAMP,s_STRING,s_BLOB)"
                + " values(1,2024-05-01,2024-05-01T00:00:00.000+00:00,'text',X'6162')",
            1));
    String sql = "select s_DATE,s_TIMESTAMP,s_STRING,s_BLOB from root.db.d";
    assertThat(ok(client.execute(sql, 1)).getDataTypeList())
        .containsExactly("DATE", "TIMESTAMP", "STRING", "BLOB");
    try (RawClient old = new RawClient(server.port())) {
      old.open("root", "root", Map.of("version", "V_1_0"));
      TSExecuteStatementResp answer = ok(old.execute(sql, 1));
      assertThat(answer.getDataTypeList()).containsExactly("INT32", "INT64", "TEXT", "TEXT");
      ByteBuffer bytes = answer.queryResult.get(0);
      byte[] types = new byte[4];
      bytes.get(bytes.position() + Integer.BYTES, types);
      assertThat(types).containsExactly(1, 2, 5, 5);
      TsBlock block = block(bytes);
      assertThat(block.getColumn(0).getInt(0)).isEqualTo(20_240_501);
      assertThat(block.getColumn(1).getLong(0)).isEqualTo(1_714_521_600_000L);
      assertThat(block.getColumn(2).getBinary(0).toString()).isEqualTo("text");
      assertThat(block.getColumn(3).getBinary(0).toString()).isEqualTo("ab");
    }
  }

  @Test
  void recordsOfAllShapes() throws Exception {
    TSStatus status =
        client.calls.insertRecords(
            new TSInsertRecordsReq(
                client.sessionId,
                List.of("root.db.d1", "root.db.d2", "root.db.d1", "nonsense"),
                List.of(List.of("a", "b"), List.of("a"), List.of("a"), List.of("a")),
                List.of(values(1, null), values(2.5), values(7.5), values(1)),
                List.of(1L, 1L, 2L, 1L)));
    assertThat(status.getCode()).isEqualTo(302);
    assertThat(status.getSubStatus().stream().map(TSStatus::getCode))
        .containsExactly(200, 200, 507, 509);
    assertThat(ok(client.execute("select * from root.db.d1, root.db.d2", 9)).getColumns())
        .containsExactly("root.db.d1.a", "root.db.d2.a");
    ok(
        client.calls.insertStringRecord(
            new TSInsertStringRecordReq(
                client.sessionId,
                "root.db.d3",
                List.of("a", "b", "c"),
                List.of("1", "true", "text"),
                1)));
    assertThat(ok(client.execute("select * from root.db.d3", 9)).getDataTypeList())
        .containsExactly("FLOAT", "BOOLEAN", "TEXT");
    for (ByteBuffer bad :
        List.of(
            ByteBuffer.wrap(new byte[] {1, 0}),
            ByteBuffer.wrap(new byte[] {1, 0, 0, 0, 0, 9}),
            ByteBuffer.wrap(new byte[] {5, 127, -1, -1, -1}),
            ByteBuffer.wrap(new byte[] {77, 0, 0, 0, 0}))) {
      assertThat(
              client
                  .calls
                  .insertRecord(
                      new TSInsertRecordReq(client.sessionId, "root.db.d", List.of("x"), bad, 1))
                  .getCode())
          .isIn(303, 701);
    }
  }

  private TSInsertTabletReq tablet(int rows, ByteBuffer times, ByteBuffer values) {
    return new TSInsertTabletReq(
        client.sessionId,
        "root.db.d",
        List.of("a", "b"),
        values,
        times,
        List.of((int) TSDataType.INT32.getType(), (int) TSDataType.TEXT.getType()),
        rows);
  }

  private static ByteBuffer tabletValues(int rows, byte... nulls) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (int i = 0; i < rows; i++) {
      out.writeInt(i);
    }
    for (int i = 0; i < rows; i++) {
      out.writeInt(1);
      out.writeByte('x');
    }
    out.write(nulls);
    return ByteBuffer.wrap(bytes.toByteArray());
  }

  private static ByteBuffer times(int rows) {
    ByteBuffer times = ByteBuffer.allocate(rows * Long.BYTES);
    for (int i = 0; i < rows; i++) {
      times.putLong(i);
    }
    return times.flip();
  }

  @Test
  void aTabletReachesTheLogAsItsBytes() throws Exception {
    ByteBuffer values = tabletValues(8, (byte) 1, (byte) 3, (byte) 0, (byte) 0);
    ok(client.calls.insertTablet(tablet(8, times(8), values.duplicate())));
    LogEntry.InsertTablet entry = cluster.entries(LogEntry.InsertTablet.class).get(0);
    assertThat(entry.values()).isEqualTo(values);
    assertThat(entry.times()).isEqualTo(times(8));
    assertThat(entry.layout()).isEqualTo(LogEntry.TabletLayout.PLAIN);
    TsBlock block = block(ok(client.execute("select a, b from root.db.d", 9)).queryResult.get(0));
    assertThat(block.getColumn(0).isNull(1)).isTrue();
    assertThat(block.getColumn(0).getInt(2)).isEqualTo(2);
    assertThat(block.getColumn(1).getBinary(0).toString()).isEqualTo("x");
  }

  @Test
  void aTabletWhoseListsDoNotFitIsRefused() throws Exception {
    List<TSInsertTabletReq> bad = new ArrayList<>();
    bad.add(tablet(8, times(7), tabletValues(8)));
    bad.add(tablet(8, times(8), tabletValues(7)));
    bad.add(tablet(8, times(8), tabletValues(8, (byte) 1, (byte) 0)));
    bad.add(tablet(8, times(8), tabletValues(8, (byte) 0, (byte) 0, (byte) 0)));
    bad.add(tablet(-1, times(0), tabletValues(0)));
    bad.add(tablet(1 << 29, times(0), tabletValues(0)));
    TSInsertTabletReq types = tablet(8, times(8), tabletValues(8));
    types.setTypes(List.of(1));
    bad.add(types);
    TSInsertTabletReq encoded = tablet(8, times(8), tabletValues(8));
    encoded.setIsCompressed(true);
    encoded.setEncodingTypes(List.of((byte) 0));
    bad.add(encoded);
    TSInsertTabletReq table = tablet(8, times(8), tabletValues(8));
    table.setWriteToTable(true);
    bad.add(table);
    for (TSInsertTabletReq request : bad) {
      assertThat(client.calls.insertTablet(request).getCode()).as("%s", request).isIn(300, 303);
    }
    assertThat(ok(client.execute("select * from root.db.d", 1)).queryResult).isEmpty();
  }

  @Test
  void encodedTabletsKeepTheirLayout() throws Exception {
    TSInsertTabletReq encoded =
        tablet(8, ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3}));
    encoded.setIsCompressed(true);
    encoded.setEncodingTypes(List.of((byte) 4, (byte) 4, (byte) 0));
    encoded.setCompressType((byte) 7);
    assertThat(client.calls.insertTablet(encoded).getCode()).isEqualTo(303);
    LogEntry.InsertTablet entry = cluster.entries(LogEntry.InsertTablet.class).get(0);
    assertThat(entry.layout().toString()).contains("encoded=true", "TS_2DIFF", "PLAIN", "LZ4");
    assertThat(entry.values()).isEqualTo(ByteBuffer.wrap(new byte[] {3}));
  }

  @Test
  void anEncodedTabletIsReadBack() throws Exception {
    int rows = 20;
    ByteArrayOutputStream times = new ByteArrayOutputStream();
    Encoder encoder =
        TSEncodingBuilder.getEncodingBuilder(TSEncoding.TS_2DIFF).getEncoder(TSDataType.INT64);
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    Encoder gorilla =
        TSEncodingBuilder.getEncodingBuilder(TSEncoding.GORILLA).getEncoder(TSDataType.DOUBLE);
    for (int i = 0; i < rows; i++) {
      encoder.encode(1_000L * i, times);
      gorilla.encode(i / 4.0, values);
    }
    encoder.flush(times);
    gorilla.flush(values);
    TSInsertTabletReq request =
        new TSInsertTabletReq(
            client.sessionId,
            "root.db.d",
            List.of("a"),
            compressed(values),
            compressed(times),
            List.of((int) TSDataType.DOUBLE.getType()),
            rows);
    request.setIsCompressed(true);
    request.setEncodingTypes(
        List.of(TSEncoding.TS_2DIFF.serialize(), TSEncoding.GORILLA.serialize()));
    request.setCompressType(CompressionType.LZ4.serialize());
    ok(client.calls.insertTablet(request));
    TsBlock block = block(ok(client.execute("select a from root.db.d", 99)).queryResult.get(0));
    assertThat(block.getPositionCount()).isEqualTo(rows);
    assertThat(block.getTimeByIndex(19)).isEqualTo(19_000);
    assertThat(block.getColumn(0).getDouble(19)).isEqualTo(4.75);
  }

  private static ByteBuffer compressed(ByteArrayOutputStream bytes) throws IOException {
    byte[] packed = ICompressor.getCompressor(CompressionType.LZ4).compress(bytes.toByteArray());
    return ByteBuffer.allocate(packed.length + Integer.BYTES)
        .put(packed)
        .putInt(bytes.size())
        .flip();
  }

  @Test
  void aBatchAnswersOneStatusEach() throws Exception {
    TSStatus status =
        client.calls.executeBatchStatement(
            new TSExecuteBatchStatementReq(
                client.sessionId,
                List.of(
                    "insert into root.db.d(time,s) values(1,1)",
                    "insert into root.db.d(time,s) values(2,'x')",
                    "insert into root.db.d(time,s) values(3,3)")));
    assertThat(status.getCode()).isEqualTo(302);
    assertThat(status.getSubStatus().stream().map(TSStatus::getCode))
        .containsExactly(200, 507, 200);
  }

  @Test
  void schemaCallsAndQueriesWithoutSql() throws Exception {
    long session = client.sessionId;
    ok(client.calls.setStorageGroup(session, "root.db"));
    assertThat(client.calls.setStorageGroup(session, "root.db").getCode()).isEqualTo(501);
    TSStatus created =
        client.calls.createMultiTimeseries(
            new TSCreateMultiTimeseriesReq(
                session,
                List.of("root.db.d.a", "root.db.d.a", "root.db.d.t", "root.db"),
                List.of(1, 1, 5, 1),
                List.of(2, 2, 8, 2),
                List.of(1, 1, 1, 1)));
    assertThat(created.getSubStatus().stream().map(TSStatus::getCode))
        .containsExactly(200, 503, 507, 509);
    ok(client.execute("insert into root.db.d(time,a) values(1,1),(2,2),(3,3)", 1));
    TSExecuteStatementResp raw =
        ok(
            client.calls.executeRawDataQueryV2(
                new TSRawDataQueryReq(session, List.of("root.db.d.a"), 2, 3, 0)));
    assertThat(block(raw.queryResult.get(0)).getPositionCount()).isEqualTo(1);
    TSExecuteStatementResp last =
        ok(
            client.calls.executeLastDataQueryV2(
                new TSLastDataQueryReq(session, List.of("root.db.**"), 0, 0)));
    assertThat(last.getColumns()).containsExactly("Timeseries", "Value", "DataType");
    assertThat(block(last.queryResult.get(0)).getTimeByIndex(0)).isEqualTo(3);
    TSAggregationQueryReq count =
        new TSAggregationQueryReq(
            session, 0, List.of("root.db.d.a"), List.of(TAggregationType.COUNT));
    assertThat(
            block(ok(client.calls.executeAggregationQueryV2(count)).queryResult.get(0))
                .getColumn(0)
                .getLong(0))
        .isEqualTo(3);
    count.setAggregations(List.of(TAggregationType.AVG));
    assertThat(client.calls.executeAggregationQueryV2(count).getStatus().getCode()).isEqualTo(701);
    ok(client.calls.deleteData(new TSDeleteDataReq(session, List.of("root.db.d.a"), 1, 2)));
    TSStatus partly =
        client.calls.deleteTimeseries(session, List.of("root.db.d.none", "root.db.d.a"));
    assertThat(partly.getCode()).isEqualTo(302);
    assertThat(partly.getSubStatus().get(0).getMessage())
        .isEqualTo("Path [root.db.d.none] does not exist");
    assertThat(partly.getSubStatus().get(1).getCode()).isEqualTo(200);
    assertThat(client.calls.deleteTimeseries(session, List.of("root.db.d.a")).getCode())
        .isEqualTo(508);
    ok(client.calls.deleteStorageGroups(session, List.of("root.db")));
  }

  @Test
  void pipesOfLaterReleasesOfIotdbAreRefusedSoThatTheyKeepTheirData() throws Exception {
    for (int type : new int[] {0, 1, 50, 51}) {
      assertThat(
              client
                  .calls
                  .pipeTransfer(
                      new TPipeTransferReq((byte) 1, (short) type, ByteBuffer.allocate(0)))
                  .getStatus()
                  .getCode())
          .isEqualTo(1802);
    }
    assertThat(
            client
                .calls
                .pipeTransfer(new TPipeTransferReq((byte) 1, (short) 4, ByteBuffer.allocate(9)))
                .getStatus()
                .getCode())
        .isEqualTo(1801);
    assertThat(
            client
                .calls
                .pipeTransfer(new TPipeTransferReq((byte) 2, (short) 1, ByteBuffer.allocate(0)))
                .getStatus()
                .getCode())
        .isEqualTo(1800);
  }
}
