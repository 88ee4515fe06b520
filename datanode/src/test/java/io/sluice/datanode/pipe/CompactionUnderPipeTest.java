package io.sluice.datanode.pipe;

import static io.sluice.datanode.region.Writes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.common.path.PathPattern;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Region;
import io.sluice.datanode.region.entry.LogEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Twelve hours of a trickle, a seal every two minutes, through a real pipe, as fast as it goes. */
class CompactionUnderPipeTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SEALS = 12 * 30;
  private static final int FILES_MAX = 64;

  /** Two minutes are long: what is worth a merge is merged before they are over. */
  private static final int FILES_SETTLED_MAX = FILES_MAX - 12;

  /**
   * Seals that may be on their way at once, less than lies between the two: how many files come
   * while none is merged does not depend on how busy the machine is.
   */
  private static final int SEALS_UNDER_WAY_MAX = 8;

  private static final String DEVICE = "root.x.d";

  @TempDir Path folder;
  private OneNodeCluster edge;
  private OneNodeCluster cloud;
  private long changes;

  private enum Middle {
    RUNNING,
    STOPPED,
    RECEIVER_AWAY,
    SENDER_RESTARTED_AND_RECEIVER_AWAY
  }

  @BeforeEach
  void start() throws Exception {
    edge = new OneNodeCluster(folder.resolve("edge"), 1);
    cloud = new OneNodeCluster(folder.resolve("cloud"), 1);
  }

  @AfterEach
  void stop() {
    edge.close();
    cloud.close();
  }

  private void pipe(PipeOperation operation, PipeStatus status) throws Exception {
    PipeSinkInfo sink = new PipeSinkInfo("s", "IoTDB", "127.0.0.1", cloud.port(), 0);
    PipeInfo pipe = new PipeInfo("p", 1, sink, 5_000, Long.MIN_VALUE, true, status);
    edge.pipes().control().operate(operation, pipe.setChangedAt(++changes));
  }

  /** Both nodes know that their tables are in force. */
  private void confirm() {
    for (OneNodeCluster cluster : List.of(edge, cloud)) {
      cluster.pipes().control().heard(cluster.pipes().control().tableVersion());
    }
  }

  @ParameterizedTest
  @EnumSource(Middle.class)
  void filesStayFewOnBothSidesAndTheSamePointsArrive(Middle middle) throws Exception {
    pipe(PipeOperation.CREATE, PipeStatus.STOP);
    pipe(PipeOperation.START, PipeStatus.RUNNING);
    boolean apart = false;
    for (int seal = 0; seal < SEALS; seal++) {
      confirm();
      write(seal);
      assertFew(edge);
      settle(edge);
      if (!apart && seal % SEALS_UNDER_WAY_MAX == 0) {
        awaitArrived();
        assertFew(cloud);
        settle(cloud);
      }
      if (seal == SEALS / 4) {
        apart = begin(middle);
      } else if (seal == SEALS * 3 / 4) {
        end(middle);
        apart = false;
        // All that it missed comes at once.
        awaitArrived();
        settle(cloud);
      }
    }
    awaitArrived();
    confirm();
    settle(edge);
    settle(cloud);
    assertThat(cloud.points()).isEqualTo(edge.points());
  }

  private void awaitArrived() {
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(cloud.points()).isEqualTo(edge.points()));
  }

  private void write(int seal) throws Exception {
    edge.write(row(DEVICE, "s", seal, seal), DEVICE);
    edge.write(row(DEVICE, "s", seal / 2, -seal), DEVICE);
    if (seal % 9 == 8) {
      edge.write(
          new LogEntry.DeleteData(
              List.of(PathPattern.parse(DEVICE + ".s")), new TimeRange(seal - 3, seal - 2)),
          DEVICE);
    }
    edge.flush();
  }

  private static void assertFew(OneNodeCluster cluster) {
    for (Region region : cluster.regions()) {
      assertThat(region.figures().files()).isLessThanOrEqualTo(FILES_MAX);
    }
  }

  private static void settle(OneNodeCluster cluster) {
    for (Region region : cluster.regions()) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> region.figures().files() <= FILES_SETTLED_MAX);
    }
  }

  /** Whether nothing is sent until the end. */
  private boolean begin(Middle middle) throws Exception {
    switch (middle) {
      case RUNNING -> {
        return false;
      }
      case STOPPED -> pipe(PipeOperation.STOP, PipeStatus.STOP);
      case RECEIVER_AWAY -> cloud.stop();
      case SENDER_RESTARTED_AND_RECEIVER_AWAY -> {
        cloud.stop();
        edge.stop();
        edge.start();
      }
    }
    return true;
  }

  private void end(Middle middle) throws Exception {
    switch (middle) {
      case RUNNING -> {}
      case STOPPED -> pipe(PipeOperation.START, PipeStatus.RUNNING);
      case RECEIVER_AWAY, SENDER_RESTARTED_AND_RECEIVER_AWAY -> cloud.start();
    }
  }
}
