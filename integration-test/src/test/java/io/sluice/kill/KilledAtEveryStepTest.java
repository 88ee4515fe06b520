package io.sluice.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.confignode.core.statement.Milestone;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The leading one of three ConfigNode processes is halted at every step of every pipe statement.
 * Then the next leader brings the statement to its end, every DataNode knows the ConfigNodes'
 * table, and what the client was answered, if it was, is true.
 *
 * <p>The steps are those that the production state machine passes; a milestone that none of them
 * reaches fails {@link #everyMilestoneIsKilledAt()}.
 */
class KilledAtEveryStepTest {
  /** While a process of one cluster starts again, a leader of another is killed. */
  private static final int CLUSTERS = 2;

  /** For which a kill waits for a cluster to have started. */
  private static final long CLUSTER_MINUTES_MAX = 3;

  @TempDir static Path folder;
  private static final BlockingQueue<KilledCluster> IDLE = new ArrayBlockingQueue<>(CLUSTERS);
  private static final Map<Step, Future<?>> KILLS = new LinkedHashMap<>();
  private static ExecutorService killers;

  /** All kills begin here; each test waits for its own. */
  @BeforeAll
  static void start() throws Exception {
    QuickStart quick = new QuickStart(folder.resolve("quick"));
    killers = Executors.newFixedThreadPool(CLUSTERS);
    for (int i = 0; i < CLUSTERS; i++) {
      Path own = folder.resolve("cluster" + i);
      killers.submit(() -> IDLE.add(new KilledCluster(quick, own)));
    }
    for (Step step : steps()) {
      KILLS.put(step, killers.submit(() -> kill(step)));
    }
  }

  private static Void kill(Step step) throws Exception {
    KilledCluster cluster = IDLE.poll(CLUSTER_MINUTES_MAX, TimeUnit.MINUTES);
    assertThat(cluster).as("a cluster that runs").isNotNull();
    try {
      new Kill(cluster, step).run();
    } finally {
      IDLE.add(cluster);
    }
    return null;
  }

  @AfterAll
  static void stop() {
    killers.shutdownNow();
    IDLE.forEach(KilledCluster::close);
    IDLE.clear();
    KILLS.clear();
  }

  static Set<Step> steps() {
    return Steps.all();
  }

  @Test
  void everyMilestoneIsKilledAt() {
    Set<Milestone> milestones = new TreeSet<>();
    steps().forEach(step -> milestones.add(step.milestone()));
    assertThat(milestones).containsExactly(Milestone.values());
  }

  @ParameterizedTest
  @MethodSource("steps")
  void theNextLeaderEndsIt(Step step) throws Throwable {
    try {
      KILLS.get(step).get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }
}
