import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Uses one published version of the JDBC driver the way an application does. Arguments: the client
 * port, the database. The last line printed is "DRIVER OK", anything else is a failure.
 */
public class JdbcDriver {
  private static final int ROWS = 250;
  private static final int FETCH_ROWS = 20;

  public static void main(String[] arguments) throws Exception {
    Class.forName("org.apache.iotdb.jdbc.IoTDBDriver");
    String url = "jdbc:iotdb://127.0.0.1:" + arguments[0] + "/";
    String database = arguments[1];
    try {
      DriverManager.getConnection(url, "root", "wrong").close();
      throw new IllegalStateException("a wrong password is let in");
    } catch (SQLException e) {
      require(String.valueOf(e.getMessage()).contains("801"), "wrong password says " + e);
    }
    try (Connection connection = DriverManager.getConnection(url, "root", "root")) {
      rows(connection, database);
      batch(connection, database);
      errors(connection, database);
      require(
          connection.getMetaData().getDatabaseProductVersion() != null, "no version is given");
    }
    System.out.println("DRIVER OK");
    System.exit(0);
  }

  private static void rows(Connection connection, String database) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_ROWS);
      require(!statement.execute("CREATE DATABASE " + database), "a database has no rows");
      statement.execute(
          "CREATE TIMESERIES " + database + ".d.s WITH DATATYPE=INT32, ENCODING=RLE");
      statement.execute(
          "CREATE ALIGNED TIMESERIES " + database + ".a(i INT32, t TEXT)");
      for (int row = 0; row < ROWS; row++) {
        statement.execute(
            "insert into " + database + ".d(timestamp, s) values (" + row + ", " + row * 3 + ")");
      }
      statement.executeUpdate(
          "insert into " + database + ".a(time, i, t) aligned values (1, 7, 'seven')");
      statement.execute("flush");
      try (ResultSet found = statement.executeQuery("select s from " + database + ".d")) {
        int row = 0;
        while (found.next()) {
          require(found.getLong("Time") == row, "time " + found.getLong("Time"));
          require(found.getInt(2) == row * 3, "value " + found.getInt(2));
          row++;
        }
        require(row == ROWS, row + " rows");
      }
      require(statement.execute("select i, t from " + database + ".a"), "a query has rows");
      try (ResultSet found = statement.getResultSet()) {
        require(found.next(), "no aligned row");
        require(found.getString(database + ".a.t").equals("seven"), "aligned text");
        require(found.getInt(database + ".a.i") == 7, "aligned number");
        require(!found.next(), "one row too many");
      }
      try (ResultSet found = statement.executeQuery("SHOW DATANODES")) {
        require(found.next(), "no DataNode");
        require(found.getString("Status").equals("Running"), found.getString("Status"));
      }
    }
  }

  private static void batch(Connection connection, String database) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (int i = 0; i < 3; i++) {
        statement.addBatch(
            "insert into " + database + ".batch(timestamp, s) values (" + i + ", " + i + ")");
      }
      statement.executeBatch();
    }
    try (PreparedStatement prepared =
        connection.prepareStatement(
            "insert into " + database + ".batch(timestamp, s) values (?, ?)")) {
      prepared.setLong(1, 3);
      prepared.setFloat(2, 3f);
      prepared.execute();
    }
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery("select count(s) from " + database + ".batch")) {
      require(found.next(), "no count");
      require(found.getString(1).equals("4"), "batch: " + found.getString(1));
    }
  }

  private static void errors(Connection connection, String database) throws SQLException {
    refused(connection, "selekt 1", "700");
    refused(connection, "CREATE DATABASE " + database, "501");
    refused(connection, "DELETE DATABASE root.nosuch" + database.substring(5), "508");
    refused(connection, "START PIPE nosuch", "1107");
  }

  private static void refused(Connection connection, String sql, String code) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      require(
          e.getErrorCode() == Integer.parseInt(code)
              || String.valueOf(e.getMessage()).contains(code),
          sql + " says " + e.getErrorCode() + " " + e.getMessage());
      return;
    }
    throw new IllegalStateException(sql + " was done");
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }
}
