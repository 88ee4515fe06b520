package io.sluice.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AllRowsTest {
  @TempDir Path folder;

  private static AllRows rows(String... points) {
    SortedMap<String, SortedMap<Long, String>> all = new TreeMap<>();
    for (String point : points) {
      String[] parts = point.split(" ");
      all.computeIfAbsent(parts[0], path -> new TreeMap<>()).put(Long.valueOf(parts[1]), parts[2]);
    }
    return new AllRows(all);
  }

  @Test
  void equalRowsHaveOneDigestAndNoDifferences() {
    AllRows one = rows("root.a.s 1 x", "root.b.s 1 y", "root.b.s 2 z");
    AllRows same = rows("root.b.s 2 z", "root.b.s 1 y", "root.a.s 1 x");
    assertThat(one.differencesTo(same)).isEmpty();
    assertThat(one.digest()).isEqualTo(same.digest());
    assertThat(one.points()).isEqualTo(3);
    assertThat(one.rows()).isEqualTo(2);
  }

  @Test
  void aMissingAChangedAndAnExtraPointAreNamed() {
    AllRows here = rows("root.a.s 1 x", "root.a.s 2 y");
    assertThat(here.differencesTo(rows("root.a.s 1 x"))).containsExactly("root.a.s 2: y | null");
    assertThat(here.differencesTo(rows("root.a.s 1 x", "root.a.s 2 w")))
        .containsExactly("root.a.s 2: y | w");
    assertThat(rows("root.a.s 1 x").differencesTo(here)).containsExactly("root.a.s 2: null | y");
    assertThat(here.digest()).isNotEqualTo(rows("root.a.s 1 x").digest());
  }

  @Test
  void theLastValueOfATimeStampInTheFileCounts() throws Exception {
    Path csv =
        Files.writeString(
            folder.resolve("f.csv"),
            "timestamp,value\n2014-01-01 00:00:00,1\n2014-01-01 00:00:00,2.5\n2014-01-01 00:05:00,3\n");
    CsvOracle oracle = CsvOracle.read(csv);
    long first = 1_388_534_400_000L;
    AllRows good =
        rows("root.r.value " + first + " 2.5", "root.r.value " + (first + 300_000) + " 3.0");
    AllRows changed =
        rows("root.r.value " + first + " 1.0", "root.r.value " + (first + 300_000) + " 3.0");
    AllRows missing = rows("root.r.value " + first + " 2.5");
    assertThat(oracle.differencesTo(good, "root.r.value")).isEmpty();
    assertThat(oracle.differencesTo(changed, "root.r.value")).hasSize(1);
    assertThat(oracle.differencesTo(missing, "root.r.value")).hasSize(1);
  }
}
