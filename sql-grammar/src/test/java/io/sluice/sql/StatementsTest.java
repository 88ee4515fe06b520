package io.sluice.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StatementsTest {
  @Test
  void splitsAtSemicolonsOutsideQuotes() {
    assertThat(Statements.split("flush; ;\n insert 'a;''b', \"c;\" , `d;`;show version"))
        .containsExactly("flush", "insert 'a;''b', \"c;\" , `d;`", "show version");
  }

  @Test
  void leavesOutCommentsButNotDashesInQuotes() {
    assertThat(
            Statements.split("-- first; line\nflush -- now; or later\nroot.a; insert '--x'--end"))
        .containsExactly("flush  \nroot.a", "insert '--x'");
  }

  @Test
  void keepsAnUnclosedQuoteToTheEnd() {
    assertThat(Statements.split("a 'b; c")).containsExactly("a 'b; c");
    assertThat(Statements.split("")).isEmpty();
  }
}
