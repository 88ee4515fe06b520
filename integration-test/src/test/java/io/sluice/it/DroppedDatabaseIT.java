package io.sluice.it;

import static io.sluice.it.EdgeAndCloud.rows;
import static io.sluice.it.EdgeAndCloud.soon;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

/** DELETE DATABASE at the edge: what its pipe still does about it, and what the cloud shows. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DroppedDatabaseIT {
  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static EdgeAndCloud both;

  @BeforeAll
  static void start() throws Exception {
    both = EdgeAndCloud.start(CLUSTERS);
    both.pipe();
  }

  private static void insert(Sql sql, String device, int... times) throws Exception {
    for (int time : times) {
      sql.run("insert into " + device + "(timestamp,s) values(" + time + "," + time + ")");
    }
  }

  private static void nothingKept(Sql sender, String pipe) {
    soon(
        () -> {
          Sql.Table details = sender.table("SHOW PIPE " + pipe + " DETAILS");
          assertThat(details.rows())
              .noneMatch(row -> details.value(row, "Cause").contains("dropped"));
        });
  }

  @Test
  @Order(1)
  void throughARunningPipeADropHidesWhatCameFromTheEdge() throws Exception {
    try (Sql sender = both.atEdge();
        Sql receiver = both.atCloud()) {
      insert(sender, "root.run.d", 1, 2, 3);
      rows(receiver, "select s from root.run.d", "1", "2", "3");
      insert(receiver, "root.run.d", 7);
      sender.run("DELETE DATABASE root.run");
      assertThat(sender.table("SHOW DATABASES").rows()).isEmpty();
      rows(receiver, "select s from root.run.d", "7");
      assertThat(receiver.table("SHOW DATABASES").rows()).hasSize(1);
      nothingKept(sender, "p");
      soon(() -> assertThat(sender.table("SHOW PIPE p").only("Message")).isEqualTo("NORMAL"));
    }
  }

  @Test
  @Order(2)
  void aStoppedPipeTellsItWhenItStartsAlsoBehindARestartAndBeforeADatabaseOfTheSameName()
      throws Exception {
    try (Sql sender = both.atEdge();
        Sql receiver = both.atCloud()) {
      insert(sender, "root.stop.d", 1, 2);
      rows(receiver, "select s from root.stop.d", "1", "2");
      sender.run("STOP PIPE p");
      insert(sender, "root.stop.d", 3);
      sender.run("flush", "DELETE DATABASE root.stop");
      Sql.Table details = sender.table("SHOW PIPE p DETAILS");
      assertThat(details.rows())
          .anyMatch(
              row ->
                  details.value(row, "Database").equals("root.stop")
                      && details.value(row, "Cause").contains("dropped"));
      insert(sender, "root.stop.d", 2, 4);
      assertThat(sender.table("select s from root.stop.d").rows()).hasSize(2);
    }
    both.edge().dataNodes().get(0).kill9();
    both.edge().dataNodes().get(0).start();
    try (Sql sender = both.atEdge();
        Sql receiver = both.atCloud()) {
      rows(sender, "select s from root.stop.d", "2", "4");
      rows(receiver, "select s from root.stop.d", "1", "2");
      soon(() -> sender.run("START PIPE p"));
      rows(receiver, "select s from root.stop.d", "2", "4");
      nothingKept(sender, "p");
      rows(receiver, "select s from root.stop.d", "2", "4");
    }
  }

  @Test
  @Order(3)
  void withoutSyncDelOpEverythingSealedArrives() throws Exception {
    try (Sql sender = both.atEdge();
        Sql receiver = both.atCloud()) {
      sender.run("DROP PIPE p", "CREATE PIPE q TO s");
      insert(sender, "root.keep.d", 1, 2, 3);
      sender.run("flush", "DELETE DATABASE root.keep", "START PIPE q");
      rows(receiver, "select s from root.keep.d", "1", "2", "3");
      nothingKept(sender, "q");
      assertThat(sender.table("SHOW DATABASES").rows()).noneMatch(row -> row.contains("root.keep"));
    }
  }
}
