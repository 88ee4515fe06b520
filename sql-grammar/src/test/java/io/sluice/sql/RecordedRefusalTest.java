package io.sluice.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Refusals as a server of this protocol gave them: code, line, column and text. Lists of expected
 * tokens are cut off; they are the grammar's own.
 */
class RecordedRefusalTest {
  private static final ZoneId ZONE = ZoneId.of("Z");
  private static final long NOW_MS = 1795410160254L;
  private static final String PREFIX = "Error occurred while parsing SQL to physical plan: line ";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          SHOW PIPESINKTYPES                                      | 1:5 no viable alternative at input 'SHOW PIPESINKTYPES'
          CREATE PIPESINK s AS IoTDB ip='127.0.0.1', port=6668    | 1:27 mismatched input 'ip' expecting {<EOF>, ';'}
          CREATE PIPESINK badip3 AS IoTDB (ip=127.0.0.1,port=667) | 1:45 mismatched input ',' expecting
          CREATE PIPESINK empty AS IoTDB ()                       | 1:32 mismatched input ')' expecting
          CREATE PIPESINK AS IoTDB                                | 1:19 missing AS at 'IoTDB'
          CREATE PIPE TO my_iotdb                                 | 1:15 missing TO at 'my_iotdb'
          CREATE PIPE pa my_iotdb                                 | 1:15 missing TO at 'my_iotdb'
          CREATE PIPE 123 TO my_iotdb                             | 1:12 extraneous input '123' expecting {ID, QUOTED_ID}
          START PIPE                                              | 1:10 mismatched input '<EOF>' expecting {ID, QUOTED_ID}
          STOP                                                    | 1:4 no viable alternative at input 'STOP'
          bogus statement                                         | 1:0 mismatched input 'bogus' expecting
          """)
  void syntax(String sql, String recorded) {
    SqlException refusal = refusal(sql);
    assertThat(refusal.code()).isEqualTo(700);
    assertThat(refusal).hasMessageStartingWith(PREFIX + recorded);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          select * from root.vehicle
          select ** from root where time>'2022-03-30 00:00:00'
          select ** from root where time>=1 and time<=5
          select ** from root where s1>=3
          select count(s0) from root
          select ** from root where time>='yyyy'
          select ** from root.** where time>=0
          select ** from root order by time
          select **, s1 from root
          select ** from root, root
          select ** from root where time>=1 or time>=2
          select now() from root
          select ** from root group by level
          select last ** from root
          select a + b from root
          select ** as x from root
          select ** from root where not time>=1
          """)
  void inAPipe(String select) {
    SqlException refusal = refusal("CREATE PIPE pa TO my_iotdb FROM (" + select + ")");
    assertThat(refusal.code()).isEqualTo(701);
    assertThat(refusal).hasMessage("Not support for this sql in pipe.");
  }

  @ParameterizedTest
  @CsvSource({"select now() from root.vehicle.d0", "'select s0, now() from root.vehicle.d0'"})
  void constantColumn(String sql) {
    SqlException refusal = refusal(sql);
    assertThat(refusal.code()).isEqualTo(701);
    assertThat(refusal).hasMessage("Constant operand is not allowed: " + NOW_MS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      textBlock =
          """
          insert into root.a(time,s) values(1,2,oops)   | 1:38 mismatched input 'oops' expecting
          insert into root.a(time,s) values(1,2),(3     | 1:41 mismatched input '<EOF>' expecting
          insert into root.a(time,s) values(1,?)        | 1:36 token recognition error at: '?'
          insert into root.a(time,s,t) values(1,2;      | 1:39 extraneous input ';' expecting
          select s from root.a group 1                  | 1:27 mismatched input '1' expecting BY
          """)
  void anErrorInsideARowOrClauseIsNotTakenForItsMeaning(String sql, String expected) {
    assertThat(refusal(sql)).hasMessageStartingWith(PREFIX + expected);
  }

  @Test
  void linesAreCounted() {
    SqlException refusal = refusal("select s1\n  from root.d\n  wher time > 1");
    assertThat(refusal).hasMessage(PREFIX + "3:2 mismatched input 'wher' expecting {<EOF>, ';'}");
  }

  private static SqlException refusal(String sql) {
    return catchThrowableOfType(SqlException.class, () -> SqlParser.parse(sql, ZONE, NOW_MS));
  }
}
