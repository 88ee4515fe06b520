package io.sluice.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.sql.statement.DeleteData;
import io.sluice.sql.statement.Insert;
import io.sluice.sql.statement.TimeRange;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTest {
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
  private static final Instant NOW = Instant.parse("2024-03-31T12:00:00Z");
  private static final long MIN = Long.MIN_VALUE;
  private static final long MAX = Long.MAX_VALUE;

  @ParameterizedTest
  @CsvSource({
    "2022-03-30, 2022-03-29T22:00:00Z",
    "2022/3/30, 2022-03-29T22:00:00Z",
    "2022.03.30, 2022-03-29T22:00:00Z",
    "2022-03-30 10:20, 2022-03-30T08:20:00Z",
    "2022-03-30 10:20:30, 2022-03-30T08:20:30Z",
    "2022-03-30   1:2:3, 2022-03-29T23:02:03Z",
    "2022-03-30T10:20:30.5, 2022-03-30T08:20:30.500Z",
    "2022-03-30t10:20:30.123456789, 2022-03-30T08:20:30.123Z",
    "2022/03/30T10:20:30.123Z, 2022-03-30T10:20:30.123Z",
    "2022.03.30 10:20:30+08:00, 2022-03-30T02:20:30Z",
    "2022-03-30T10:20:30.001-03:30, 2022-03-30T13:50:30.001Z",
    "1900-01-01T00:00:00Z, 1900-01-01T00:00:00Z",
    // Berlin put its clocks forward from 2 to 3 in this night.
    "2024-03-31 02:30:00, 2024-03-31T01:30:00Z",
  })
  void datesQuotedAndNot(String text, Instant expected) throws SqlException {
    assertThat(insertTime(text)).isEqualTo(expected.toEpochMilli());
    assertThat(insertTime("'" + text + "'")).isEqualTo(expected.toEpochMilli());
    assertThat(insertTime("\"" + text + "\"")).isEqualTo(expected.toEpochMilli());
    assertThat(range("time >= " + text)).isEqualTo(new TimeRange(expected.toEpochMilli(), MAX));
    assertThat(range("time >= '" + text + "'")).isEqualTo(range("time >= " + text));
  }

  @ParameterizedTest
  @CsvSource({
    "now(), 2024-03-31T12:00:00Z",
    "NOW( ), 2024-03-31T12:00:00Z",
    "now() - 1d, 2024-03-30T12:00:00Z",
    "now()-1d2h+30m, 2024-03-30T10:30:00Z",
    "now() + 1w, 2024-04-07T12:00:00Z",
    // Months and years are the calendar's: 14:00 in Berlin, whatever its clocks showed.
    "now() - 1mo, 2024-02-29T13:00:00Z",
    "now() - 1y, 2023-03-31T12:00:00Z",
    "now() + 5ms, 2024-03-31T12:00:00.005Z",
    "now() + 5000us, 2024-03-31T12:00:00.005Z",
    "now() + 5000000ns, 2024-03-31T12:00:00.005Z",
    "2022-01-01T00:00:00Z + 90s, 2022-01-01T00:01:30Z",
  })
  void durations(String text, Instant expected) throws SqlException {
    assertThat(insertTime(text)).isEqualTo(expected.toEpochMilli());
    assertThat(range("time = " + text))
        .isEqualTo(new TimeRange(expected.toEpochMilli(), expected.toEpochMilli()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2022-02-30",
        "2022-13-01",
        "2022-01-01 24:00:00",
        "2022-01-01T10:61:00",
        "22-01-01",
        "20220-01-01",
        "2022-01/01",
        "2022-01-01T00:00:00+19:00",
        "'yyyy-mm-dd HH:MM:SS'",
        "''",
        "'2022'",
        "true",
        "null",
        "1.5",
        "1e3",
        "X'00'",
        "9223372036854775808",
        "now() - 99999999999999999999d",
        "now() + 9999999999y",
        "now() + 106751991168d",
      })
  void noTimes(String text) {
    assertThatThrownBy(() -> insertTime(text)).isInstanceOf(SqlException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          time < 5                                     | MIN | 4
          time <= 5                                    | MIN | 5
          time > 5                                     | 6 | MAX
          time >= 5                                    | 5 | MAX
          time = 5                                     | 5 | 5
          time == 5                                    | 5 | 5
          timestamp >= 5                               | 5 | MAX
          5 < time                                     | 6 | MAX
          5 <= time                                    | 5 | MAX
          5 > time                                     | MIN | 4
          5 >= time                                    | MIN | 5
          5 = time                                     | 5 | 5
          time between 1 and 5                         | 1 | 5
          time between 5 and 1                         | 5 | 1
          time > 1 and time < 5                        | 2 | 4
          time > 1 && time < 5 & 3 <= time             | 3 | 4
          (time > 1 and (time < 5)) and ((3 <= time))  | 3 | 4
          time > -5 and time < - -5                    | -4 | 4
          time > 1 + 2 - 1ms                           | 3 | MAX
          time >= 9223372036854775807                  | MAX | MAX
          time >= -9223372036854775808                 | MIN | MAX
          time > 9223372036854775807                   | MAX | MIN
          time < -9223372036854775808                  | MAX | MIN
          """)
  void conditions(String condition, String first, String last) throws SqlException {
    assertThat(range(condition)).isEqualTo(new TimeRange(bound(first), bound(last)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "time != 5",
        "time <> 5",
        "not time > 5",
        "!(time > 5)",
        "time > 1 or time < 0",
        "time > 1 || time < 0",
        "time in (1, 2)",
        "time not between 1 and 2",
        "s1 > 3",
        "time > 1 and s1 = 'a'",
        "time > time",
        "1 < 2",
        "time > s1",
        "time > 'yesterday'",
        "time * 2 > 4",
        "time > 2 * 4",
        "time + 1 > 4",
        "-time > 4",
        "time",
        "s1 is not null",
        "s1 like 'a%'",
        "count(s1) > 5",
        "time > now(1)",
      })
  void conditionsThatAreNoRange(String condition) {
    assertThatThrownBy(() -> range(condition))
        .isInstanceOfSatisfying(
            SqlException.class, refusal -> assertThat(refusal.code()).isEqualTo(701))
        .hasMessageContaining("WHERE");
  }

  private static long bound(String text) {
    return text.equals("MIN") ? MIN : text.equals("MAX") ? MAX : Long.parseLong(text);
  }

  private static long insertTime(String time) throws SqlException {
    String sql = "insert into root.d(s, time) values(1, " + time + ")";
    return ((Insert) SqlParser.parse(sql, ZONE, NOW.toEpochMilli())).rows().get(0).timeMs();
  }

  private static TimeRange range(String condition) throws SqlException {
    String sql = "delete from root.d.s where " + condition;
    return ((DeleteData) SqlParser.parse(sql, ZONE, NOW.toEpochMilli())).times();
  }
}
