package io.sluice.datanode.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.statement.FakeCluster;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.apache.iotdb.isession.SessionDataSet;
import org.apache.iotdb.rpc.BatchExecutionException;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;
import org.apache.tsfile.read.common.RowRecord;
import org.apache.tsfile.utils.Binary;
import org.apache.tsfile.write.record.Tablet;
import org.apache.tsfile.write.schema.IMeasurementSchema;
import org.apache.tsfile.write.schema.MeasurementSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The published client library of 2.x against the port. */
@Timeout(120)
class SessionClientTest {
  private static final List<TSDataType> TYPES =
      List.of(
          TSDataType.BOOLEAN,
          TSDataType.INT32,
          TSDataType.INT64,
          TSDataType.FLOAT,
          TSDataType.DOUBLE,
          TSDataType.TEXT,
          TSDataType.TIMESTAMP,
          TSDataType.DATE,
          TSDataType.BLOB,
          TSDataType.STRING);

  private final FakeCluster cluster = new FakeCluster();
  private ClientServer server;
  private Session session;

  @BeforeEach
  void start() throws Exception {
    server =
        new ClientServer(
            ClientServerOptions.defaults("127.0.0.1", 0),
            new ClientCalls(cluster.executor(), Credentials.of("root", "root")),
            new ProtocolSwitch.None(),
            MonotonicClock.SYSTEM);
    session = session("root");
    session.open();
  }

  private Session session(String password) {
    return new Session.Builder()
        .host("127.0.0.1")
        .port(server.port())
        .username("root")
        .password(password)
        .fetchSize(100)
        // Encoding needs the library's own TsFile version, which is not the one on this class path.
        .enableIoTDBRpcCompression(false)
        .build();
  }

  @AfterEach
  void stop() throws Exception {
    session.close();
    server.close();
  }

  private static Tablet tablet(String device, int rows) {
    List<IMeasurementSchema> schemas = new ArrayList<>();
    for (TSDataType type : TYPES) {
      schemas.add(new MeasurementSchema("s_" + type.name().toLowerCase(), type));
    }
    Tablet tablet = new Tablet(device, schemas, rows);
    for (int row = 0; row < rows; row++) {
      tablet.addTimestamp(row, row);
      for (int i = 0; i < TYPES.size(); i++) {
        if ((row + i) % 7 != 0) {
          tablet.addValue(schemas.get(i).getMeasurementName(), row, value(TYPES.get(i), row));
        }
      }
    }
    return tablet;
  }

  private static Object value(TSDataType type, int row) {
    return switch (type) {
      case BOOLEAN -> row % 2 == 0;
      case INT32 -> row;
      case INT64 -> row * 10_000_000_000L;
      case TIMESTAMP -> (long) row;
      case FLOAT -> row + 0.5f;
      case DOUBLE -> row + 0.25;
      case DATE -> LocalDate.of(2024, 1, 1).plusDays(row);
      case BLOB -> new Binary(new byte[] {(byte) row});
      default -> "text" + row;
    };
  }

  @Test
  void tabletsOfAllTypesComeBack() throws Exception {
    session.insertTablet(tablet("root.db.few", 5));
    session.insertTablet(tablet("root.db.many", 1_000));
    session.insertAlignedTablet(tablet("root.db.aligned", 1_000));
    for (String device : List.of("few", "many", "aligned")) {
      int rows = device.equals("few") ? 5 : 1_000;
      try (SessionDataSet answer =
          session.executeQueryStatement("select * from root.db." + device)) {
        assertThat(answer.getColumnNames()).hasSize(1 + TYPES.size());
        int row = 0;
        while (answer.hasNext()) {
          RowRecord record = answer.next();
          assertThat(record.getTimestamp()).isEqualTo(row);
          for (int i = 0; i < TYPES.size(); i++) {
            String column = "s_" + TYPES.get(i).name().toLowerCase();
            int place = answer.getColumnNames().indexOf("root.db." + device + "." + column) - 1;
            Object wanted = (row + i) % 7 == 0 ? null : value(TYPES.get(i), row);
            Object got = record.getFields().get(place).getObjectValue(TYPES.get(i));
            assertThat(text(got)).as("%s row %d", column, row).isEqualTo(text(wanted));
          }
          row++;
        }
        assertThat(row).isEqualTo(rows);
      }
    }
  }

  /** The library answers null without hasNext. */
  private static RowRecord next(SessionDataSet answer) throws Exception {
    assertThat(answer.hasNext()).isTrue();
    return answer.next();
  }

  private static String text(Object value) {
    return String.valueOf(value);
  }

  @Test
  void manyTabletsAndRecords() throws Exception {
    session.insertTablets(
        java.util.Map.of(
            "root.db.a", tablet("root.db.a", 20), "root.db2.b", tablet("root.db2.b", 3)));
    session.insertRecord("root.db.r", 1, List.of("x", "y"), List.of("1.5", "true"));
    session.insertRecord("root.db.r", 2, List.of("x"), List.of(TSDataType.FLOAT), List.of(2.5f));
    session.insertRecords(
        List.of("root.db.r", "root.db.q"),
        List.of(3L, 3L),
        List.of(List.of("x"), List.of("z")),
        List.of(List.of(TSDataType.FLOAT), List.of(TSDataType.INT64)),
        List.of(List.<Object>of(3.5f), List.<Object>of(3L)));
    session.insertAlignedRecord(
        "root.db.al", 1, List.of("x"), List.of(TSDataType.INT32), List.of(1));
    try (SessionDataSet answer = session.executeQueryStatement("select count(x) from root.db.r")) {
      assertThat(next(answer).getFields().get(0).getLongV()).isEqualTo(3);
    }
    try (SessionDataSet answer = session.executeQueryStatement("show devices root.db.**")) {
      int devices = 0;
      while (answer.hasNext()) {
        answer.next();
        devices++;
      }
      assertThat(devices).isEqualTo(4);
    }
  }

  @Test
  void schemaCalls() throws Exception {
    session.createDatabase("root.db");
    session.createTimeseries(
        "root.db.d.s", TSDataType.INT32, TSEncoding.RLE, CompressionType.SNAPPY);
    assertThat(session.checkTimeseriesExists("root.db.d.s")).isTrue();
    assertThatThrownBy(
            () ->
                session.createTimeseries(
                    "root.db.d.s", TSDataType.INT32, TSEncoding.RLE, CompressionType.SNAPPY))
        .isInstanceOf(StatementExecutionException.class)
        .hasMessageContaining("503");
    session.executeNonQueryStatement("insert into root.db.d(time,s) values(1,1),(2,2)");
    session.deleteData("root.db.d.s", 1);
    try (SessionDataSet answer = session.executeRawDataQuery(List.of("root.db.d.s"), 0, 10)) {
      assertThat(next(answer).getTimestamp()).isEqualTo(2);
      assertThat(answer.hasNext()).isFalse();
    }
    session.deleteTimeseries("root.db.d.s");
    assertThat(session.checkTimeseriesExists("root.db.d.s")).isFalse();
    session.deleteDatabase("root.db");
  }

  @Test
  void errorsCarryTheirCodes() throws Exception {
    assertThatThrownBy(() -> session("wrong").open())
        .isInstanceOf(IoTDBConnectionException.class)
        .hasMessageContaining("801");
    assertThatThrownBy(() -> session.executeNonQueryStatement("bogus"))
        .isInstanceOfSatisfying(
            StatementExecutionException.class, e -> assertThat(e.getStatusCode()).isEqualTo(700));
    session.executeNonQueryStatement("insert into root.db.d(time,s) values(1,true)");
    assertThatThrownBy(
            () ->
                session.insertRecords(
                    List.of("root.db.d", "root.db.d"),
                    List.of(1L, 2L),
                    List.of(List.of("s"), List.of("s")),
                    List.of(List.of(TSDataType.INT32), List.of(TSDataType.BOOLEAN)),
                    List.of(List.<Object>of(1), List.<Object>of(true))))
        .isInstanceOf(BatchExecutionException.class);
    try (SessionDataSet answer = session.executeQueryStatement("select s from root.db.d")) {
      assertThat(next(answer).getTimestamp()).isEqualTo(1);
      assertThat(next(answer).getTimestamp()).as("the good one of the batch").isEqualTo(2);
    }
  }

  @Test
  void theZoneIsTakenOver() throws Exception {
    session.setTimeZone("+08:00");
    session.executeNonQueryStatement("insert into root.db.d(time,s) values(2022-03-30 00:00:00,1)");
    try (SessionDataSet answer = session.executeQueryStatement("select s from root.db.d")) {
      assertThat(next(answer).getTimestamp()).isEqualTo(1_648_569_600_000L);
    }
  }
}
