package io.sluice.cli.storm;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.WrittenPipeTable;
import io.sluice.cli.storm.PipeBelief.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/** Whether all of a cluster agree on its pipes. */
final class PipeTables {
  private static final int NAME = 1;
  private static final int ROLE = 2;
  private static final int STATUS = 4;

  private PipeTables() {}

  /** Status by name of the pipes that go out, as one DataNode shows them. */
  static SortedMap<String, String> shown(LocalNode dataNode)
      throws IoTDBConnectionException, StatementExecutionException {
    SortedMap<String, String> statusByName = new TreeMap<>();
    try (StormClient client = StormClient.at(dataNode.clientAddress())) {
      for (List<String> row : client.texts("SHOW PIPES")) {
        if (row.get(ROLE).equals("sender")) {
          statusByName.put(row.get(NAME), row.get(STATUS));
        }
      }
    }
    return statusByName;
  }

  /**
   * Asks every DataNode and looks at what each has written down.
   *
   * @return where they differ from the first, and where it contradicts {@code beliefs}
   */
  static List<String> differences(LocalCluster cluster, List<PipeBelief> beliefs)
      throws IOException, IoTDBConnectionException, StatementExecutionException {
    List<String> found = new ArrayList<>();
    SortedMap<String, String> first = shown(cluster.dataNodes().get(0));
    for (LocalNode node : cluster.dataNodes()) {
      SortedMap<String, String> shown = shown(node);
      if (!shown.equals(first)) {
        found.add(Weather.name(node) + " shows " + shown + ", another one " + first);
      }
      SortedMap<String, String> written = WrittenPipeTable.of(node).statusByName();
      if (!written.equals(first)) {
        found.add(Weather.name(node) + " has " + written + ", shown is " + first);
      }
    }
    for (PipeBelief belief : beliefs) {
      Status status = Status.valueOf(first.getOrDefault(belief.name(), Status.ABSENT.name()));
      if (!belief.possible().contains(status)) {
        found.add(belief + ": shown as " + status + " in the end");
      }
    }
    return found;
  }
}
