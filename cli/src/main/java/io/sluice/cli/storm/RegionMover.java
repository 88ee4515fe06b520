package io.sluice.cli.storm;

import io.sluice.cli.local.LocalCluster;
import io.sluice.cli.local.LocalNode;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.iotdb.rpc.IoTDBConnectionException;
import org.apache.iotdb.rpc.StatementExecutionException;

/**
 * Moves replicas of one cluster's regions between its DataNodes all the while: MIGRATE where one is
 * free, else REMOVE REGION, and EXTEND REGION when one lacks. Refusals are as good as moves here:
 * what counts is that no row is lost. One thread runs it.
 */
final class RegionMover implements Runnable {
  private static final int REST_MS_MAX = 6_000;
  private static final int REGION = 0;
  private static final int DATA_NODE = 6;

  private final LocalCluster cluster;
  private final int replicas;
  private final Refusals refusals;
  private final Random random;
  private volatile boolean stopping;
  private int accepted;

  /**
   * @param replicas that each region is to have
   */
  RegionMover(LocalCluster cluster, int replicas, long seed, Refusals refusals) {
    this.cluster = cluster;
    this.replicas = replicas;
    this.refusals = refusals;
    this.random = new Random(seed * 4_099 + cluster.name().hashCode());
  }

  /** Ends after the statement under way. */
  void stop() {
    stopping = true;
  }

  /** How many statements were accepted; only to be read after the thread has ended. */
  int accepted() {
    return accepted;
  }

  @Override
  public void run() {
    try {
      while (!stopping) {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(REST_MS_MAX));
        LocalNode asked = cluster.dataNodes().get(random.nextInt(cluster.dataNodes().size()));
        try (StormClient client = StormClient.at(asked.clientAddress())) {
          move(client);
          accepted++;
        } catch (IoTDBConnectionException | StatementExecutionException | RuntimeException e) {
          refusals.add(e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void move(StormClient client)
      throws IoTDBConnectionException, StatementExecutionException {
    Map<String, Set<String>> holders =
        client.texts("SHOW REGIONS").stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.get(REGION),
                    TreeMap::new,
                    Collectors.mapping(
                        row -> row.get(DATA_NODE), Collectors.toCollection(TreeSet::new))));
    String region = drawn(holders.keySet());
    Set<String> there = holders.get(region);
    Set<String> free =
        client.texts("SHOW DATANODES").stream()
            .map(row -> row.get(0))
            .filter(node -> !there.contains(node))
            .collect(Collectors.toCollection(TreeSet::new));
    String statement;
    if (there.size() < replicas) {
      statement = "EXTEND REGION %s TO %s".formatted(region, drawn(free));
    } else if (free.isEmpty()) {
      statement = "REMOVE REGION %s FROM %s".formatted(region, drawn(there));
    } else {
      statement = "MIGRATE REGION %s FROM %s TO %s".formatted(region, drawn(there), drawn(free));
    }
    client.session().executeNonQueryStatement(statement);
  }

  private String drawn(Set<String> choice) {
    return new ArrayList<>(choice).get(random.nextInt(choice.size()));
  }
}
