package io.sluice.cli.storm;

import io.sluice.cli.local.LocalNode;
import io.sluice.cli.time.ElapsedClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Kills nodes at random moments and starts them again: mostly one, now and then two at once, or one
 * a second time while it starts, or asks one to end instead (SIGTERM, which counts as no kill).
 * Nobody is spared: nodes are drawn without putting them back until all have had their turn.
 * Confined to one thread.
 */
final class Killer {
  private static final int CALM_MS_MAX = 2_500;
  private static final int DOWN_MS_MAX = 1_500;
  private static final int STARTING_MS_MAX = 2_500;
  private static final int UPLOADING_HASTE = 4;

  private final List<LocalNode> nodes;
  private final List<LocalNode> turn = new ArrayList<>();
  private final Random random;
  private final PrintWriter out;
  private final UploadGauge gauge;
  private final Optional<Weather> weather;
  private final long startedMs = ElapsedClock.SYSTEM.nowMs();
  private int kills;
  private int blows;
  private int killsWhileUploading;

  /**
   * @param weather what befalls nodes besides; empty for kills alone
   * @param gauge while it says that the upload goes on, strikes follow each other faster
   */
  Killer(
      List<LocalNode> nodes,
      long seed,
      PrintWriter out,
      UploadGauge gauge,
      Optional<Weather> weather) {
    this.nodes = List.copyOf(nodes);
    this.random = new Random(seed);
    this.out = out;
    this.gauge = gauge;
    this.weather = weather;
  }

  /** Strikes until {@code count} nodes were killed; all run at the end. */
  void killAtLeast(int count) throws IOException, InterruptedException {
    while (kills < count) {
      pause(CALM_MS_MAX);
      if (weather.isPresent() && random.nextBoolean()) {
        blow(weather.get());
        continue;
      }
      int kind = random.nextInt(10);
      if (kind < 6) {
        one(next());
      } else if (kind < 8) {
        two(next(), next());
      } else if (kind < 9) {
        again(next());
      } else {
        stop(next());
      }
    }
    awaitAll();
  }

  /** Whether a node that is just starting comes up in time is not what is asked here. */
  private void blow(Weather weather) throws IOException, InterruptedException {
    awaitAll();
    Weather.Blow blow = weather.drawn(random, next());
    say(blow.what());
    blow.deed().run();
    blows++;
  }

  private void count(int more) {
    kills += more;
    killsWhileUploading += gauge.uploading() ? more : 0;
  }

  int kills() {
    return kills;
  }

  int blows() {
    return blows;
  }

  int killsWhileUploading() {
    return killsWhileUploading;
  }

  private LocalNode next() {
    if (turn.isEmpty()) {
      turn.addAll(nodes);
      Collections.shuffle(turn, random);
    }
    return turn.remove(turn.size() - 1);
  }

  private void one(LocalNode victim) throws IOException, InterruptedException {
    count(1);
    say("killed " + name(victim));
    strike(victim);
    down();
    bringBack(victim);
  }

  private void two(LocalNode one, LocalNode other) throws IOException, InterruptedException {
    if (one == other) {
      one(one);
      return;
    }
    count(2);
    say("killed " + name(one) + " and " + name(other) + " together");
    strike(one);
    strike(other);
    down();
    bringBack(one, other);
  }

  private void again(LocalNode victim) throws IOException, InterruptedException {
    count(2);
    int startingMs = random.nextInt(STARTING_MS_MAX);
    say("killed " + name(victim) + ", and again " + startingMs + " ms into its start");
    strike(victim);
    down();
    victim.begin();
    TimeUnit.MILLISECONDS.sleep(startingMs);
    strike(victim);
    bringBack(victim);
  }

  private void stop(LocalNode victim) throws IOException, InterruptedException {
    say("stopped " + name(victim));
    requireAlive(victim);
    victim.stop();
    down();
    bringBack(victim);
  }

  private static void strike(LocalNode victim) throws IOException, InterruptedException {
    requireAlive(victim);
    victim.kill9();
  }

  /** A node that went by itself is a find, not a victim. */
  private static void requireAlive(LocalNode victim) throws IOException, InterruptedException {
    if (!victim.alive()) {
      victim.awaitReady();
      throw new IOException(name(victim) + " ended by itself");
    }
  }

  /** While the upload goes on, half of the times the next strike does not wait for the start. */
  private void bringBack(LocalNode... victims) throws IOException, InterruptedException {
    for (LocalNode victim : victims) {
      victim.begin();
    }
    boolean impatient = random.nextBoolean();
    if (!(impatient && gauge.uploading())) {
      awaitAll();
    }
  }

  private void awaitAll() throws IOException, InterruptedException {
    for (LocalNode node : nodes) {
      node.awaitReady();
    }
  }

  private void down() throws InterruptedException {
    pause(DOWN_MS_MAX);
  }

  private void pause(int msMax) throws InterruptedException {
    int ms = random.nextInt(msMax);
    TimeUnit.MILLISECONDS.sleep(gauge.uploading() ? ms / UPLOADING_HASTE : ms);
  }

  private static String name(LocalNode node) {
    return Weather.name(node);
  }

  private void say(String what) {
    out.printf(
        "%6.1f s, %d kills: %s; the cloud has %d points of the bulk%n",
        (ElapsedClock.SYSTEM.nowMs() - startedMs) / 1e3, kills, what, gauge.points());
  }
}
