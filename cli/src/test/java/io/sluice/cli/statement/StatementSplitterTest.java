package io.sluice.cli.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementSplitterTest {
  private static List<String> split(String text) {
    StatementSplitter splitter = new StatementSplitter();
    List<Statement> all = new ArrayList<>(splitter.read(text));
    splitter.finish().ifPresent(all::add);
    return all.stream().map(Statement::text).toList();
  }

  @Test
  void cutsAtSemicolonsAndDropsEmptyStatements() {
    assertThat(split(" a ; b;\n;; c ")).containsExactly("a", "b", "c");
  }

  @Test
  void leavesQuotesAlone() {
    assertThat(split("insert values('a;''b--c');x"))
        .containsExactly("insert values('a;''b--c')", "x");
    assertThat(split("select \"a;\"\"b\";x")).containsExactly("select \"a;\"\"b\"", "x");
    assertThat(split("select `a;``b /* `;x")).containsExactly("select `a;``b /* `", "x");
  }

  @Test
  void blanksCommentsWithoutMovingTheRest() {
    assertThat(split("a -- x; 'y\nb;c")).containsExactly("a         \nb", "c");
    assertThat(split("a/*;\n;*/b;c")).containsExactly("a   \n   b", "c");
    assertThat(split("a/**/b")).containsExactly("a    b");
    assertThat(split("a/*/;*/b")).containsExactly("a      b");
    assertThat(split("-- nothing\n/* here */;")).isEmpty();
    assertThat(split("a - -b / c * d")).containsExactly("a - -b / c * d");
  }

  @Test
  void findsTheSameStatementsHoweverTheTextIsCut() {
    String text = "a 'x;''y' --c;\n;b /* ; */ \"z;\";`q;`;d";
    List<String> whole = split(text);
    for (int cut = 0; cut <= text.length(); cut++) {
      StatementSplitter splitter = new StatementSplitter();
      List<Statement> all = new ArrayList<>(splitter.read(text.substring(0, cut)));
      all.addAll(splitter.read(text.substring(cut)));
      splitter.finish().ifPresent(all::add);
      assertThat(all.stream().map(Statement::text)).as("cut at %d", cut).isEqualTo(whole);
    }
  }

  @Test
  void knowsTheLineOfEachStatement() {
    StatementSplitter splitter = new StatementSplitter();
    assertThat(splitter.read("\n\na\n;/* x\n */ b;c;"))
        .extracting(Statement::line)
        .containsExactly(3, 5, 5);
  }

  @Test
  void saysWhetherMoreIsExpected() {
    StatementSplitter splitter = new StatementSplitter();
    assertThat(splitter.isPending()).isFalse();
    splitter.read("-- only a comment");
    assertThat(splitter.isPending()).isFalse();
    splitter.read("\na 'b");
    assertThat(splitter.isOpen()).isTrue();
    splitter.read("';");
    assertThat(splitter.isOpen()).isFalse();
    assertThat(splitter.isPending()).isFalse();
  }
}
