import TSFILE_ENUMS.TSDataType;
import TSFILE.write.record.Tablet;
import TSFILE.write.schema.SCHEMA;
import TSFILE.write.schema.MeasurementSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.iotdb.isession.SessionDataSet;
import org.apache.iotdb.rpc.StatementExecutionException;
import org.apache.iotdb.session.Session;

/**
 * Uses one published version of the session library the way an application does. The words in
 * capitals are replaced by what that version calls them. Arguments: the client port, the database.
 * The last line printed is "DRIVER OK", anything else is a failure.
 */
public class SessionDriver {
  private static final int ROWS = 1_000;
  private static final int FETCH_ROWS = 100;

  private static final List<String> NAMES = Arrays.asList("b", "i", "l", "f", "d", "t");
  private static final List<TSDataType> TYPES =
      Arrays.asList(
          TSDataType.BOOLEAN,
          TSDataType.INT32,
          TSDataType.INT64,
          TSDataType.FLOAT,
          TSDataType.DOUBLE,
          TSDataType.TEXT);

  private final Session session;
  private final String database;

  private SessionDriver(Session session, String database) {
    this.session = session;
    this.database = database;
  }

  public static void main(String[] arguments) throws Exception {
    int port = Integer.parseInt(arguments[0]);
    wrongPassword(port);
    Session session = session(port, "root");
    session.open(false);
    SessionDriver driver = new SessionDriver(session, arguments[1]);
    driver.tablets();
    driver.records();
    driver.errors();
    driver.deletions();
    session.close();
    System.out.println("DRIVER OK");
    System.exit(0);
  }

  private static Session session(int port, String password) {
    return new Session.Builder()
        .host("127.0.0.1")
        .port(port)
        .username("root")
        .password(password)
        .fetchSize(FETCH_ROWS)
        .build();
  }

  private static void wrongPassword(int port) {
    try {
      session(port, "wrong").open(false);
    } catch (Exception e) {
      // 1.1.2 keeps the server's words to itself.
      String said = String.valueOf(e.getMessage());
      require(said.contains("801") || said.contains("Fail to reconnect"), "wrong password: " + e);
      return;
    }
    throw new IllegalStateException("a wrong password is let in");
  }

  private static Object value(int column, int row) {
    if ((row + column) % 7 == 0) {
      return null;
    }
    switch (column) {
      case 0:
        return row % 3 == 0;
      case 1:
        return row * 31;
      case 2:
        return row * 10_000_000_000L;
      case 3:
        return row * 0.5f;
      case 4:
        return row * 0.25d;
      default:
        return "text " + row + " äß";
    }
  }

  private Tablet tablet(String device) throws Exception {
    List<SCHEMA> schemas = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      schemas.add(new MeasurementSchema(NAMES.get(i), TYPES.get(i)));
    }
    Tablet tablet = new Tablet(device, schemas, ROWS);
    for (int row = 0; row < ROWS; row++) {
      tablet.addTimestamp(row, row);
      for (int column = 0; column < NAMES.size(); column++) {
        tablet.addValue(NAMES.get(column), row, value(column, row));
      }
    }
    SET_ROWS;
    return tablet;
  }

  private void tablets() throws Exception {
    session.createDatabase(database);
    session.insertTablet(tablet(database + ".plain"));
    session.insertAlignedTablet(tablet(database + ".aligned"));
    Map<String, Tablet> two = new HashMap<>();
    two.put(database + ".two1", tablet(database + ".two1"));
    two.put(database + ".two2", tablet(database + ".two2"));
    session.insertTablets(two);
    for (String device : Arrays.asList("plain", "aligned", "two1", "two2")) {
      same(device);
    }
    session.executeNonQueryStatement("flush");
    for (String device : Arrays.asList("plain", "aligned")) {
      same(device);
      require(
          one("select count(i) from " + database + "." + device).equals(count(1)),
          "count(i) of " + device);
    }
    List<String> last = column("select l from " + database + ".plain order by time desc limit 3");
    require(last.equals(latest(2, 3)), "latest three are " + last);
  }

  private static List<String> latest(int column, int count) {
    List<String> texts = new ArrayList<>();
    for (int row = ROWS - 1; texts.size() < count; row--) {
      if (value(column, row) != null) {
        texts.add(String.valueOf(value(column, row)));
      }
    }
    return texts;
  }

  private static String count(int column) {
    int count = 0;
    for (int row = 0; row < ROWS; row++) {
      count += value(column, row) == null ? 0 : 1;
    }
    return Integer.toString(count);
  }

  /** Ten fetches and more: every row, every column. */
  private void same(String device) throws Exception {
    SessionDataSet rows =
        session.executeQueryStatement("select b, i, l, f, d, t from " + database + "." + device);
    int row = 0;
    while (rows.hasNext()) {
      var record = rows.next();
      require(record.getTimestamp() == row, device + ": time " + record.getTimestamp());
      for (int column = 0; column < NAMES.size(); column++) {
        Object expected = value(column, row);
        var field = record.getFields().get(column);
        String found =
            field == null || field.getDataType() == null ? null : field.getStringValue();
        require(
            expected == null ? found == null || found.equals("null") : expected.toString().equals(found),
            device + " row " + row + " column " + column + ": " + found + " for " + expected);
      }
      row++;
    }
    rows.closeOperationHandle();
    require(row == ROWS, device + " has " + row + " rows");
  }

  private void records() throws Exception {
    String device = database + ".records";
    List<String> names = Arrays.asList("i", "t");
    List<TSDataType> types = Arrays.asList(TSDataType.INT32, TSDataType.TEXT);
    session.insertRecord(device, 1, names, types, Arrays.asList((Object) 1, "one"));
    session.insertRecord(device, 2, names, Arrays.asList("2", "two"));
    session.insertRecords(
        Arrays.asList(device, device),
        Arrays.asList(3L, 4L),
        Arrays.asList(names, names),
        Arrays.asList(types, types),
        Arrays.asList(Arrays.asList((Object) 3, "three"), Arrays.asList((Object) 4, "four")));
    session.insertRecordsOfOneDevice(
        device,
        Arrays.asList(6L, 5L),
        Arrays.asList(names, names),
        Arrays.asList(types, types),
        Arrays.asList(Arrays.asList((Object) 6, "six"), Arrays.asList((Object) 5, "five")));
    List<String> found = column("select t from " + device);
    require(
        found.equals(Arrays.asList("one", "two", "three", "four", "five", "six")),
        "records: " + found);
    String aligned = database + ".alignedrecords";
    session.insertAlignedRecord(aligned, 1, names, types, Arrays.asList((Object) 1, "one"));
    session.insertAlignedRecordsOfOneDevice(
        aligned,
        Collections.singletonList(2L),
        Collections.singletonList(names),
        Collections.singletonList(types),
        Collections.singletonList(Arrays.asList((Object) 2, "two")));
    require(
        column("select t from " + aligned).equals(Arrays.asList("one", "two")), "aligned records");
    session.executeNonQueryStatement(
        "insert into " + database + ".sql(timestamp, s) values (1, 1.5), (2, 2.5)");
    require(one("select count(s) from " + database + ".sql").equals("2"), "rows by SQL");
  }

  private void errors() throws Exception {
    refused(700, () -> session.executeNonQueryStatement("selekt 1"));
    refused(501, () -> session.createDatabase(database));
    refused(
        507,
        () ->
            session.insertRecord(
                database + ".plain",
                1,
                Collections.singletonList("i"),
                Collections.singletonList(TSDataType.TEXT),
                Collections.singletonList((Object) "not a number")));
    refused(1107, () -> session.executeNonQueryStatement("START PIPE nosuch"));
    require(column("select nosuch from " + database + ".plain").isEmpty(), "an unknown series");
  }

  private interface Work {
    void run() throws Exception;
  }

  private static void refused(int code, Work work) throws Exception {
    try {
      work.run();
    } catch (StatementExecutionException e) {
      require(e.getStatusCode() == code, "expected " + code + ", got " + e.getMessage());
      return;
    }
    throw new IllegalStateException("expected " + code + ", but it was done");
  }

  private void deletions() throws Exception {
    session.deleteData(Collections.singletonList(database + ".plain.*"), 0, 499);
    int left = 0;
    for (int row = 500; row < ROWS; row++) {
      left += value(1, row) == null ? 0 : 1;
    }
    require(
        one("select count(i) from " + database + ".plain").equals(Integer.toString(left)),
        "rows after a deletion");
    session.deleteTimeseries(database + ".two1.i");
    require(column("select i from " + database + ".two1").isEmpty(), "a deleted series");
    session.deleteDatabase(database);
    require(column("show databases " + database).isEmpty(), "a deleted database");
  }

  private String one(String query) throws Exception {
    List<String> found = column(query);
    require(found.size() == 1, query + " gives " + found);
    return found.get(0);
  }

  /** The first column's values, those that are there. */
  private List<String> column(String query) throws Exception {
    List<String> found = new ArrayList<>();
    SessionDataSet rows = session.executeQueryStatement(query);
    while (rows.hasNext()) {
      var fields = rows.next().getFields();
      if (!fields.isEmpty() && fields.get(0) != null && fields.get(0).getDataType() != null) {
        found.add(fields.get(0).getStringValue());
      }
    }
    rows.closeOperationHandle();
    return found;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
