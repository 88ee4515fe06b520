package io.sluice.cli.bench;

import io.sluice.cli.local.LocalNode;
import io.sluice.cli.local.ScratchFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;

/**
 * Several rounds, their medians, as JSON on standard output. Exits 1 without figures when a round
 * found wrong data.
 */
@CommandLine.Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description =
        "Measures ingestion and upload between two clusters of one ConfigNode and one DataNode.")
public final class Bench implements Callable<Integer> {
  @CommandLine.Option(
      names = "--devices",
      defaultValue = "100",
      description = "default ${DEFAULT-VALUE}")
  private int devices;

  @CommandLine.Option(
      names = "--measurements",
      defaultValue = "10",
      description = "default ${DEFAULT-VALUE}")
  private int measurements;

  @CommandLine.Option(
      names = "--rows",
      defaultValue = "10000",
      description = "of each device; default ${DEFAULT-VALUE}")
  private int rows;

  @CommandLine.Option(
      names = "--tablet-rows",
      defaultValue = "1000",
      description = "default ${DEFAULT-VALUE}")
  private int tabletRows;

  @CommandLine.Option(
      names = "--threads",
      defaultValue = "2",
      description = "client threads; default ${DEFAULT-VALUE}")
  private int threads;

  @CommandLine.Option(
      names = "--rounds",
      defaultValue = "3",
      description = "default ${DEFAULT-VALUE}")
  private int rounds;

  @CommandLine.Option(
      names = "--trickle-rows",
      defaultValue = "30",
      description = "default ${DEFAULT-VALUE}")
  private int trickleRows;

  @CommandLine.Option(
      names = "--seed",
      defaultValue = "1",
      description = "default ${DEFAULT-VALUE}")
  private long seed;

  @CommandLine.Option(
      names = "--keep",
      description = "leave the nodes' folders in place, with their data and logs")
  private boolean keep;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    Workload workload = new Workload(devices, measurements, rows, tabletRows, seed);
    List<Map<String, Double>> figures = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      try (ScratchFolder folder = new ScratchFolder("sluice-bench")) {
        if (keep) {
          folder.keep();
          System.err.println("kept: " + folder.path());
        }
        figures.add(
            new BenchRound(
                    workload, threads, trickleRows, LocalNode.Launcher.fromSystem(), folder.path())
                .run());
        System.err.printf("round %d of %d: %s%n", round, rounds, json(figures.get(round - 1), ""));
      } catch (BenchRound.WrongResultException e) {
        System.err.println("bench: no figures, round " + round + " went wrong: " + e.getMessage());
        return 1;
      }
    }
    Map<String, Double> medians =
        figures.get(0).keySet().stream()
            .collect(
                Collectors.toMap(
                    name -> name,
                    name -> median(figures, name),
                    (a, b) -> a,
                    java.util.LinkedHashMap::new));
    System.out.printf(
        Locale.ROOT,
        "{%n  \"points\": %d,%n  \"rounds\": %d,%n  \"median\": %s%n}%n",
        workload.points(),
        rounds,
        json(medians, "  "));
    return 0;
  }

  private static double median(List<Map<String, Double>> rounds, String name) {
    double[] sorted = rounds.stream().mapToDouble(round -> round.get(name)).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static String json(Map<String, Double> figures, String indent) {
    return figures.entrySet().stream()
        .map(
            figure ->
                String.format(
                    Locale.ROOT, "%s  \"%s\": %.3f", indent, figure.getKey(), figure.getValue()))
        .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
  }
}
