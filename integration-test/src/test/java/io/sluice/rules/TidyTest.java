package io.sluice.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Habits that bytecode does not show. Each message says what to do instead. */
class TidyTest {
  private static final Path ROOT =
      Path.of(System.getProperty("sluice.root", "..")).toAbsolutePath().normalize();

  private record Habit(String pattern, Predicate<String> files, String instead) {}

  private static final Predicate<String> EVERYWHERE = path -> true;
  private static final Predicate<String> TESTS = path -> path.contains("/src/test/");
  private static final Predicate<String> OUTSIDE_THIS_TEST =
      path -> !path.endsWith("/TidyTest.java");

  private static final List<Habit> HABITS =
      List.of(
          new Habit(
              "\\.ordinal\\(\\)",
              EVERYWHERE,
              "give the constant a code of its own: an ordinal moves"),
          new Habit(
              "catch\\s*\\([^)]*\\)\\s*\\{\\s*\\}",
              EVERYWHERE,
              "handle it, rethrow it, or say in the block why nothing is to be done"),
          new Habit("\\.printStackTrace\\(", EVERYWHERE, "log it or throw it"),
          new Habit(
              "getMessage\\(\\)\\s*\\.\\s*(contains|equals|startsWith|endsWith|matches)\\(",
              EVERYWHERE,
              "branch on a type or a code, not on words"),
          new Habit("Thread\\.sleep\\(|TimeUnit\\.\\w+\\.sleep\\(", TESTS, "await a condition"),
          new Habit(
              "System\\.(currentTimeMillis|nanoTime)\\(|Instant\\.now\\(\\)|LocalDateTime\\.now\\(\\)",
              path ->
                  path.contains("/src/main/")
                      && !path.contains("/time/")
                      && !path.contains("/cli/"),
              "be handed a clock of io.sluice.common.time"));

  @Test
  void sourcesKeepTheHabits() throws IOException {
    List<String> breaches = new ArrayList<>();
    for (Path source : sources()) {
      String path = source.toString();
      String text = Files.readString(source);
      for (Habit habit : HABITS) {
        if (OUTSIDE_THIS_TEST.test(path) && habit.files().test(path)) {
          Matcher matcher = Pattern.compile(habit.pattern()).matcher(text);
          while (matcher.find()) {
            long line = text.substring(0, matcher.start()).lines().count() + 1;
            breaches.add(
                ROOT.relativize(source)
                    + ":"
                    + line
                    + " "
                    + matcher.group().strip()
                    + " -> "
                    + habit.instead());
          }
        }
      }
    }
    assertThat(breaches).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIsFor() throws IOException {
    List<String> silent =
        sources().stream()
            .filter(path -> path.toString().contains("/src/main/java/"))
            .map(Path::getParent)
            .distinct()
            .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
            .map(folder -> ROOT.relativize(folder).toString())
            .toList();
    assertThat(silent).as("packages without package-info.java").isEmpty();
  }

  private static List<Path> sources() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(path -> Files.isDirectory(path.resolve("src"))).toList()) {
        try (Stream<Path> all = Files.walk(module.resolve("src"))) {
          all.filter(path -> path.toString().endsWith(".java")).forEach(found::add);
        }
      }
    }
    assertThat(found).as("sources below " + ROOT).hasSizeGreaterThan(10);
    return found;
  }
}
