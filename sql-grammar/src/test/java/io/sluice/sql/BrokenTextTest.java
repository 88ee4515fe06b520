package io.sluice.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever the text, a statement or the one typed refusal: nothing else, and never a bare message.
 */
class BrokenTextTest {
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
  private static final Path GOLDEN = Path.of("src/test/resources/golden");
  private static final int RANDOM_TEXTS = 20_000;

  @Test
  void statementsCutShort() throws IOException {
    for (String sql : statements()) {
      for (int length = 0; length <= sql.length(); length++) {
        parse(sql.substring(0, length));
        parse(sql.substring(length));
      }
    }
  }

  @Test
  void statementsWithRandomChanges() throws IOException {
    List<String> statements = statements();
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < RANDOM_TEXTS; i++) {
      StringBuilder text = new StringBuilder(pick(statements, random));
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(text.length() + 1);
        switch (random.nextInt(3)) {
          case 0 -> text.insert(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65536));
          case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(5)));
          default -> text.insert(at, pick(List.of(pick(statements, random).split(" ")), random));
        }
      }
      parse(text.toString(), seed);
    }
  }

  @Test
  void randomWordsAndCharacters() throws IOException {
    List<String> words = new ArrayList<>();
    statements().forEach(sql -> words.addAll(List.of(sql.split("(?<=\\W)|(?=\\W)"))));
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < RANDOM_TEXTS; i++) {
      StringBuilder text = new StringBuilder(random.nextBoolean() ? "select " : "");
      for (int word = random.nextInt(20); word > 0; word--) {
        text.append(pick(words, random)).append(random.nextBoolean() ? " " : "");
      }
      parse(text.toString(), seed);
    }
  }

  private static List<String> statements() throws IOException {
    List<String> statements = new ArrayList<>();
    for (String file : List.of("page.txt", "recorded.txt", "spellings.txt")) {
      Files.readAllLines(GOLDEN.resolve(file)).stream()
          .filter(line -> !line.isBlank() && !line.startsWith(" ") && !line.startsWith("--"))
          .forEach(statements::add);
    }
    return statements;
  }

  private static String pick(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }

  private static void parse(String sql) {
    parse(sql, 0);
  }

  private static void parse(String sql, long seed) {
    try {
      assertThat(SqlParser.parse(sql, ZONE, 0)).isNotNull();
    } catch (SqlException refusal) {
      assertThat(refusal.code()).as(sql).isIn(SqlException.SYNTAX, SqlException.SEMANTIC);
      assertThat(refusal.getMessage()).as(sql).isNotBlank();
      if (refusal.code() == SqlException.SYNTAX) {
        assertThat(refusal.getMessage()).as(sql).containsPattern("line \\d+:\\d+ ");
      }
    } catch (RuntimeException | StackOverflowError bug) {
      throw new AssertionError("seed " + seed + ", text: " + sql, bug);
    }
  }
}
