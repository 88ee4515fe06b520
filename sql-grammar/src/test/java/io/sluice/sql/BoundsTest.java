package io.sluice.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.sql.statement.Insert;
import io.sluice.sql.statement.Literal;
import io.sluice.sql.statement.PipeStatement;
import io.sluice.sql.statement.Statement;
import java.time.ZoneId;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Long, deep and hostile texts, on a thread with a small stack. Times are generous on purpose. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class BoundsTest {
  private static final int STACK_BYTES = 256 << 10;

  @Test
  void anInsertOfTenMegabytes() throws Exception {
    int rows = 300_000;
    StringBuilder sql = new StringBuilder("insert into root.a.b(time,s1,s2,s3) values");
    for (int i = 0; i < rows; i++) {
      sql.append(i == 0 ? "(" : ",(").append(i).append(",").append(i * 0.5).append(",true,'value ");
      sql.append(i).append("')");
    }
    assertThat(sql.length()).isGreaterThan(10_000_000);
    Insert insert = (Insert) parse(sql.toString());
    assertThat(insert.rows()).hasSize(rows);
    Insert.Row last = insert.rows().get(rows - 1);
    assertThat(last.timeMs()).isEqualTo(rows - 1);
    assertThat(last.values())
        .containsExactly(
            new Literal.Number("149999.5", false),
            new Literal.Bool(true),
            new Literal.Text("value 299999"));
  }

  @Test
  void anErrorAtTheEndOfALongInsertIsShort() {
    String sql = "insert into root.a(time,s) values" + "(1,2),".repeat(100_000) + "(1,2) oops";
    assertThatThrownBy(() -> parse(sql))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("line 1:600039 extraneous input 'oops'")
        .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(500));
  }

  @Test
  void oneValueOfTenMegabytes() throws Exception {
    String text = "x".repeat(10_000_000);
    Insert insert = (Insert) parse("insert into root.a(time,s) values(1,'" + text + "')");
    assertThat(insert.rows().get(0).values()).containsExactly(new Literal.Text(text));
  }

  @Test
  void aNameOfTenThousandCharacters() throws Exception {
    String name = "n".repeat(10_000);
    assertThat(parse("drop pipe " + name)).isEqualTo(new PipeStatement.Drop(name));
  }

  @Test
  void longerThanTheLimitIsRefusedUnread() {
    String sql = " ".repeat(SqlParser.STATEMENT_CHARS_MAX + 1);
    assertThatThrownBy(() -> parse(sql))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("at most");
  }

  @Test
  void parenthesesUpToTheLimit() throws Exception {
    int depth = BoundedLexer.DEPTH_MAX;
    String inside = "(".repeat(depth) + "time > 1" + ")".repeat(depth);
    parse("select s from root where " + inside);
    assertThatThrownBy(() -> parse("select s from root where (" + inside + ")"))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("line 1:89 more than 64 parentheses inside each other");
  }

  @Test
  void moreWordsThanATreeMayHold() {
    assertThatThrownBy(() -> parse("select s" + ",s".repeat(100_000) + " from root"))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("words in one statement");
  }

  /** Each is repeated to 50,000 times: one that is read in quadratic time does not end. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          select (||from root
          select |f(|from root
          select s from root where |not |time > 1
          select s from root where time > |- |1
          select s from root where time > 1| and time > 1|
          select s from root where time > 1| or time > 1|
          select s from root where time > 1| + 1d|
          select s from root where |time between 1 and |1
          select *| * *| from root
          select |*| from root
          select |s*| from root
          select |last | from root
          select |from | from root
          select s from root|.a|
          select s from root|.**|
          select s from root |limit 1 |
          select s from root order by time|, s asc |
          select s from root where time > |9|
          select s from root where time > |1-1-|
          select s from root where time > |1.|
          select s from root where time > now() - |1h|
          create pipe p to s with |a=b |
          create timeseries root.a.b int32 |with encoding=rle |
          create aligned timeseries root.a(s int32|, s int32 encoding=rle|)
          insert into root.a(s) values(|'|)
          insert into root.a(s|,s|) values(1)
          insert into root.a(time,s) values(|2022-01-01        |,1)
          drop database root.a|,root.a|
          set time_zone=|+1|
          flush |;|
          drop pipe `|x``|`
          """)
  void repeated(String before, String part, String after) throws Exception {
    String middle = part == null ? "(" : part;
    String end = after == null ? "" : after;
    for (int times : new int[] {1, 2, 50, 50_000}) {
      try {
        parse(before + middle.repeat(times) + end);
      } catch (SqlException refusal) {
        assertThat(refusal.getMessage()).isNotBlank().hasSizeLessThan(1_000);
      }
    }
  }

  private static Statement parse(String sql) throws Exception {
    FutureTask<Object> task =
        new FutureTask<>(
            () -> {
              try {
                return SqlParser.parse(sql, ZoneId.of("Z"), 0);
              } catch (SqlException refusal) {
                return refusal;
              }
            });
    Thread thread = new Thread(null, task, "small stack", STACK_BYTES);
    thread.start();
    if (task.get() instanceof SqlException refusal) {
      throw refusal;
    }
    return (Statement) task.get();
  }
}
