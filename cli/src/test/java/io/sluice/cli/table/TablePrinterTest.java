package io.sluice.cli.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablePrinterTest {
  private final StringWriter text = new StringWriter();

  private TablePrinter table(String... names) {
    return new TablePrinter(List.of(names), new PrintWriter(text));
  }

  @Test
  void controlCharactersCannotBreakTheTable() {
    TablePrinter table = table("a", "b");
    table.row(List.of("x\ny\t\u001b[31m", "\u202ez\u0000"));
    table.row(Arrays.asList("ok", null));
    assertThat(table.end()).isEqualTo(2);
    assertThat(text)
        .hasToString(
            """
            +----------------+-------------+
            |               a|            b|
            +----------------+-------------+
            |x\\ny\\t\\u001b[31m|\\u202ez\\u0000|
            |              ok|         null|
            +----------------+-------------+
            """);
  }

  @Test
  void wideCharactersTakeTwoColumnsAndMarksNone() {
    TablePrinter table = table("温度", "n");
    table.row(List.of("23.5°", "e\u0301😀"));
    table.row(List.of("上海", "abcd"));
    table.end();
    assertThat(text)
        .hasToString(
            """
            +-----+----+
            | 温度|   n|
            +-----+----+
            |23.5°| e\u0301😀|
            | 上海|abcd|
            +-----+----+
            """);
  }

  @Test
  void aLaterBlockThatIsWiderGetsItsOwnBorder() {
    TablePrinter table = table("a");
    for (int i = 0; i < TablePrinter.BLOCK_ROWS_MAX; i++) {
      table.row(List.of("1"));
    }
    assertThat(text.toString().lines()).as("printed while it comes").hasSize(1_003);
    table.row(List.of("12345"));
    table.end();
    assertThat(text.toString()).endsWith("|1|\n+-----+\n|12345|\n+-----+\n");
  }

  @Test
  void fewHugeCellsAreNotHeldBack() {
    TablePrinter table = table("a");
    table.row(List.of("x".repeat(TablePrinter.BLOCK_CHARS_MAX)));
    assertThat(text.getBuffer().length()).isGreaterThan(TablePrinter.BLOCK_CHARS_MAX);
  }
}
