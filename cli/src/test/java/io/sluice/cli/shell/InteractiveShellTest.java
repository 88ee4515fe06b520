package io.sluice.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.server.FakeServer;
import io.sluice.cli.server.FakeTable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.DumbTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InteractiveShellTest {
  @TempDir private Path folder;
  private FakeServer server;

  @BeforeEach
  void start() throws Exception {
    server = new FakeServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  /** Types the text and returns what the terminal shows. */
  private String type(String text) throws IOException {
    ByteArrayOutputStream shown = new ByteArrayOutputStream();
    try (Terminal terminal =
            new DumbTerminal(
                "test",
                "dumb",
                new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                shown,
                StandardCharsets.UTF_8);
        StatementRunner runner =
            new StatementRunner(server.address(), terminal.writer(), terminal.writer(), () -> 0)) {
      new InteractiveShell(terminal, folder.resolve("history"), runner).run();
    }
    return shown.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  @Test
  void runsAStatementAtItsSemicolonAndLeavesAtTheEnd() throws IOException {
    server.answer("SHOW PIPES", FakeTable.ofTexts(List.of("Name"), List.of(List.of("p"))));

    String shown = type("SHOW PIPES;\n");

    assertThat(shown)
        .contains("IoTDB> ")
        .contains(
            "+----+\n|Name|\n+----+\n|   p|\n+----+\nTotal line number = 1\nIt costs 0.000s\n");
    assertThat(folder.resolve("history")).content().contains("SHOW PIPES;");
  }

  @Test
  void statementsWithPasswordsAreNotKept() throws IOException {
    type(
        "create\nuser a 'hush';\nALTER USER a SET PASSWORD 'hush';\n"
            + "CREATE PIPESINK s AS IoTDB (user='a', Password='hush');\nLIST USER;\n");

    assertThat(server.statements()).hasSize(4);
    assertThat(folder.resolve("history")).content().contains("LIST USER").doesNotContain("hush");
  }

  @Test
  void aStatementMaySpanLines() throws IOException {
    type("CREATE PIPE p\nTO s; flush\n;\nquit\nnever;\n");

    assertThat(server.statements()).containsExactly("CREATE PIPE p\nTO s", "flush");
  }

  @Test
  void anErrorIsNoReasonToLeave() throws IOException {
    server.refuse("bad", 507, "no");

    assertThat(type("bad;\ngood;\nEXIT\n")).contains("Msg: 507: no\n");
    assertThat(server.statements()).containsExactly("bad", "good");
  }

  @Test
  void enterEndsTheInputOnlyWhereAStatementEnds() {
    for (String whole :
        List.of(
            "",
            "  ",
            ";",
            "a;",
            "a; b;\n",
            "quit",
            "HELP",
            "set time_zone=Z",
            "a\n",
            "a\n  ",
            "-- remark",
            "a; -- remark")) {
      assertThat(StatementLines.isWhole(whole)).as(whole).isTrue();
    }
    for (String open :
        List.of("a", "a; b", "a 'x;", "a 'x\n\n", "a /* ;\n", "a\nb", "insert `a;")) {
      assertThat(StatementLines.isWhole(open)).as(open).isFalse();
    }
  }
}
