package io.sluice.cli.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeriesPathTest {
  @Test
  void cutsBeforeTheLastNode() {
    assertThat(SeriesPath.parse("root.a.`x.y`.`s.1`"))
        .contains(new SeriesPath("root.a.`x.y`", "`s.1`"));
    for (String none : new String[] {"", "root", "root.a", "a.b.c", "root.a.", "root.a.`b", "x"}) {
      assertThat(SeriesPath.parse(none)).as(none).isEmpty();
    }
  }

  @Test
  void quotesNodesThatAreNotPlain() {
    assertThat(SeriesPath.node("value_1")).isEqualTo("value_1");
    assertThat(SeriesPath.node("温度")).isEqualTo("温度");
    assertThat(SeriesPath.node("5xx")).isEqualTo("`5xx`");
    assertThat(SeriesPath.node("a`b")).isEqualTo("`a``b`");
    assertThat(SeriesPath.node("`a b`")).isEqualTo("`a b`");
  }

  @Test
  void twoSpellingsOfOnePathHaveTheSameNames() {
    assertThat(SeriesPath.nodeNames("root.a.`5xx`")).isEqualTo(SeriesPath.nodeNames("root.a.5xx"));
    assertThat(SeriesPath.nodeNames("root.`a.b`.`c``d`")).containsExactly("root", "a.b", "c`d");
  }
}
