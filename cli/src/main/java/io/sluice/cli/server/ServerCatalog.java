package io.sluice.cli.server;

import io.sluice.cli.value.TimeText;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.tsfile.enums.TSDataType;

/** Asks with SHOW statements. Confined to the connection's thread. */
public final class ServerCatalog implements SeriesCatalog {
  private static final int PATH_NOT_EXIST = 508;

  private final ServerConnection connection;

  public ServerCatalog(ServerConnection connection) {
    this.connection = connection;
  }

  @Override
  public Device device(String path) throws RefusedException, UnreachableException {
    Map<String, TSDataType> types = new HashMap<>();
    for (Map<String, String> row : show("SHOW TIMESERIES " + path + ".*")) {
      types.put(row.get("Timeseries"), TSDataType.valueOf(row.get("DataType")));
    }
    boolean aligned = false;
    if (!types.isEmpty()) {
      for (Map<String, String> row : show("SHOW DEVICES " + path)) {
        aligned = Boolean.parseBoolean(row.get("IsAligned"));
      }
    }
    return new Device(Map.copyOf(types), aligned);
  }

  /** The rows as text by column name; a path that does not exist has none. */
  private List<Map<String, String>> show(String statement)
      throws RefusedException, UnreachableException {
    List<Map<String, String>> all = new ArrayList<>();
    try {
      if (connection.execute(statement, ZoneOffset.UTC) instanceof Answer.Rows answer) {
        try (ResultRows rows = answer.rows()) {
          while (rows.next()) {
            all.add(byName(rows.names(), rows.texts(TimeText.utc())));
          }
        }
      }
    } catch (RefusedException e) {
      if (e.code() != PATH_NOT_EXIST) {
        throw e;
      }
    }
    return all;
  }

  private static Map<String, String> byName(List<String> names, List<String> texts) {
    Map<String, String> row = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      row.put(names.get(i), texts.get(i));
    }
    return row;
  }
}
