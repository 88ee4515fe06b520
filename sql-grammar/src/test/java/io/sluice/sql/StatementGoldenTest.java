package io.sluice.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.sql.statement.Statement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What each statement of {@code golden/*.txt} becomes. A file is a list of statements, each
 * followed by its answer, indented. Run with {@code -Dgolden.update=true} to write the answers
 * anew, then read the difference.
 */
class StatementGoldenTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final ZoneId ZONE = ZoneId.of("+08:00");
  private static final long NOW_MS = 1795410160254L;
  private static final String INDENT = "    ";

  @Test
  void page() throws IOException {
    check("page.txt");
  }

  @Test
  void recordedStatements() throws IOException {
    check("recorded.txt");
  }

  @Test
  void everySpelling() throws IOException {
    check("spellings.txt");
  }

  private static void check(String name) throws IOException {
    Path file = FOLDER.resolve(name);
    List<String> answered = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("--")) {
        answered.add(line);
      } else if (!line.startsWith(INDENT)) {
        answered.add(line);
        answered.add(INDENT + answer(line));
      }
    }
    if (Boolean.getBoolean("golden.update")) {
      Files.write(file, answered);
    }
    assertEquals(String.join("\n", answered), String.join("\n", Files.readAllLines(file)));
  }

  private static String answer(String sql) {
    try {
      Statement statement = SqlParser.parse(sql, ZONE, NOW_MS);
      // The group is part of what was understood: SHOW PIPES and SHOW PIPESINKS are both a Show.
      String[] name = statement.getClass().getName().split("[.]");
      String group = name[name.length - 1].replace('$', '.');
      return (group + statement.toString().substring(statement.toString().indexOf('[')))
          .replace("-9223372036854775808", "MIN")
          .replace("9223372036854775807", "MAX");
    } catch (SqlException refusal) {
      return refusal.code() + ": " + refusal.getMessage();
    }
  }
}
