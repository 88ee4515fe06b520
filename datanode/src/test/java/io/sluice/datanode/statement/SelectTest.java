package io.sluice.datanode.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.status.StatusException;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditions on values, aggregates, last points, slices of columns. */
class SelectTest {
  private final FakeCluster cluster = new FakeCluster();
  private final StatementExecutor executor = cluster.executor();

  private StatementResult execute(String sql) throws StatusException {
    return executor.execute(sql, new StatementContext("root", ZoneOffset.UTC));
  }

  private String ask(String sql) throws StatusException {
    return PrintedTable.of((StatementResult.Rows) execute(sql));
  }

  /** The milliseconds of the rows. */
  private String times(String sql) throws StatusException {
    return ask(sql)
        .lines()
        .skip(1)
        .map(line -> line.substring(line.indexOf('.') + 3, line.indexOf('Z')))
        .reduce((all, one) -> all + " " + one)
        .orElse("");
  }

  @BeforeEach
  void points() throws Exception {
    execute("create timeseries root.a.d.i INT32");
    execute("create timeseries root.a.d.l INT64");
    execute("create timeseries root.a.d.f FLOAT");
    execute("create timeseries root.a.d.b BOOLEAN");
    execute("create timeseries root.a.d.t TEXT");
    execute("create timeseries root.a.d.day DATE");
    execute("create timeseries root.a.d.none DOUBLE");
    for (int i = 1; i <= 6; i++) {
      execute(
          "insert into root.a.d(time,i,l,f,b,t) values(%d,%d,%d,%d.5,%b,'%d')"
              .formatted(i, i, 7 - i, i, i % 2 == 0, i));
    }
    execute("insert into root.a.d(time,i,day) values(8,8,'2024-01-02')");
    execute("insert into root.b.e(time,i) values(3,100)");
  }

  @AfterEach
  void everyScanIsClosed() {
    assertThat(cluster.openScans()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "i > 4|5 6 8",
        "i >= 4 and i < 6|4 5",
        "4 < i|5 6 8",
        "i = 3|3",
        "i == 3|3",
        "i != 3|1 2 4 5 6 8",
        "i <> l|1 2 3 4 5 6",
        "i > l|4 5 6",
        "f > 2.5 and f <= 4.5|3 4",
        "l <= -1 or i = 8|8",
        "b = true|2 4 6",
        "b != true|1 3 5",
        "t = '5'|5",
        "t > '4'|5 6",
        "day = '2024-01-02'|8",
        "day >= '2024-01-03'|",
        "b is null|8",
        "b is not null and i < 3|1 2",
        "not (i > 2 and b = true)|1 2 3 5",
        "not i > 2|1 2",
        "not (not i > 5)|6 8",
        "i between 2 and 3|2 3",
        "i not between 2 and 6|1 8",
        "i in (1, 5, 9)|1 5",
        "i not in (1, 5, 9)|2 3 4 6 8",
        "(time > 4 and i <= 6) or (l > 3 and time <= 2)|1 2 5 6",
        "time = 1 or time = 8|1 8",
        "time != 3 and time < 5|1 2 4",
        "time in (2, 7, 8)|2 8",
        "nosuch > 1|",
        "nosuch > 1 or i = 2|2",
        "i > 1e0|2 3 4 5 6 8",
        "none is null and i < 2|1",
      })
  void onlyRowsTheConditionHoldsFor(String condition, String times) throws Exception {
    assertThat(times("select i from root.a.d where " + condition))
        .isEqualTo(times == null ? "" : times);
  }

  @Test
  void aConditionsOwnSeriesAreNotShown() throws Exception {
    assertThat(ask("select l, i from root.a.d where f > 4.5 and b = true order by time desc"))
        .isEqualTo(
            """
            |                    Time|root.a.d.l|root.a.d.i|
            |1970-01-01T00:00:00.006Z|         1|         6|
            """);
    assertThat(ask("select day from root.a.d where i > 5"))
        .isEqualTo(
            """
            |                    Time|root.a.d.day|
            |1970-01-01T00:00:00.006Z|        null|
            |1970-01-01T00:00:00.008Z|    20240102|
            """);
  }

  @Test
  void aPathOfManySeriesMustHoldForEach() throws Exception {
    assertThat(times("select i from root.a.d, root.b.e where i > 2")).isEqualTo("3");
    assertThat(times("select i from root.a.d, root.b.e where not i <= 2")).isEqualTo("3");
  }

  @Test
  void rowsAreCutAfterTheCondition() throws Exception {
    assertThat(times("select i from root.a.d where b = true limit 1 offset 1")).isEqualTo("4");
  }

  @Test
  void typesThatCannotBeComparedAreRefused() {
    assertThatThrownBy(() -> execute("select i from root.a.d where t > 3"))
        .isInstanceOf(StatusException.class)
        .hasMessage("root.a.d.t and 3 are of types that cannot be compared");
  }

  @Test
  void aggregatesOfOneSeries() throws Exception {
    assertThat(
            ask(
                "select count(l), sum(l), avg(l), min_value(l), max_value(l), first_value(l),"
                    + " last_value(l), min_time(l), max_time(l) from root.a.d"))
        .isEqualTo(
            """
            |count(root.a.d.l)|sum(root.a.d.l)|avg(root.a.d.l)|min_value(root.a.d.l)|max_value(root.a.d.l)|first_value(root.a.d.l)|last_value(root.a.d.l)|min_time(root.a.d.l)|max_time(root.a.d.l)|
            |                6|           21.0|            3.5|                    1|                    6|                      6|                     1|                   1|                   6|
            """);
    assertThat(
            ask(
                "select max_value(f), last_value(t), max_value(day) as d from root.a.d where i > 1"))
        .isEqualTo(
            """
            |max_value(root.a.d.f)|last_value(root.a.d.t)|       d|
            |                  6.5|                     6|20240102|
            """);
    assertThat(ask("select count(none), sum(none), max_value(none) from root.a.d"))
        .endsWith("|                   0|              null|                    null|\n");
    assertThat(ask("select count(l) from root.a.d where i > 4")).endsWith("|                2|\n");
    assertThatThrownBy(() -> execute("select sum(t) from root.a.d"))
        .hasMessageStartingWith(
            "Aggregate functions [AVG, SUM, MIN_VALUE, MAX_VALUE] only support");
  }

  @Test
  void lastIsARowPerSeriesWithAPoint() throws Exception {
    assertThat(ask("select last i, none from root.a.d, root.b.e"))
        .isEqualTo(
            """
            |                    Time|Timeseries|Value|DataType|
            |1970-01-01T00:00:00.008Z|root.a.d.i|    8|   INT32|
            |1970-01-01T00:00:00.003Z|root.b.e.i|100.0|   FLOAT|
            """);
    assertThat(times("select last i from root.** where time < 5 order by timeseries desc"))
        .isEqualTo("3 4");
    assertThat(times("select last i from root.** where time > 5")).isEqualTo("8");
  }

  @Test
  void columnsAreSlicedAndRenamed() throws Exception {
    assertThat(ask("select i, l, f as x, b from root.a.d limit 1 slimit 2 soffset 1"))
        .startsWith("|                    Time|root.a.d.l|  x|\n");
    assertThatThrownBy(() -> execute("select i from root.a.d soffset 1"))
        .hasMessage(
            "The value of SOFFSET (1) is equal to or exceeds the number of sequences (1) that can"
                + " actually be returned.");
    assertThatThrownBy(() -> execute("select * as x from root.a.d"))
        .hasMessage("alias 'x' can only be matched with one time series");
  }

  @Test
  void rowsDeviceAfterDevice() throws Exception {
    execute("insert into root.a.c(time,l,x) values(2,20,2.5),(1,10,1.5)");
    execute("create timeseries root.a.c.b BOOLEAN");
    assertThat(cluster.openScans()).isZero();
    execute("create timeseries root.a.e.l INT64");
    execute("insert into root.a.e(time,l) values(1,30)");
    execute("delete timeseries root.a.c.l");
    execute("create timeseries root.a.c.l INT64");
    execute("insert into root.a.c(time,l) values(1,10),(2,20)");
    assertThat(ask("select l, x, b from root.a.* where l > 5 align by device"))
        .isEqualTo(
            """
            |                    Time|  Device| l|   x|    b|
            |1970-01-01T00:00:00.001Z|root.a.c|10| 1.5| null|
            |1970-01-01T00:00:00.002Z|root.a.c|20| 2.5| null|
            |1970-01-01T00:00:00.001Z|root.a.d| 6|null|false|
            |1970-01-01T00:00:00.001Z|root.a.e|30|null| null|
            """);
    assertThat(ask("select l from root.a.* limit 2 offset 7 align by device"))
        .isEqualTo(
            """
            |                    Time|  Device| l|
            |1970-01-01T00:00:00.006Z|root.a.d| 1|
            |1970-01-01T00:00:00.001Z|root.a.e|30|
            """);
    assertThat(ask("select * from root.nosuch align by device")).isEqualTo("|Time|Device|\n");
    assertThatThrownBy(() -> execute("select i from root.** align by device"))
        .hasMessageContaining("should be the same across devices");
  }
}
