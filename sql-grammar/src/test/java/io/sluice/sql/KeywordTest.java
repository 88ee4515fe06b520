package io.sluice.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.sql.grammar.SqlLexer;
import io.sluice.sql.statement.Insert;
import io.sluice.sql.statement.PipeStatement;
import io.sluice.sql.statement.Select;
import io.sluice.sql.statement.SeriesStatement;
import io.sluice.sql.statement.Statement;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every keyword of the lexer is a name too, in whatever case; a new one is tested by being there.
 */
class KeywordTest {
  /** These have a meaning of their own where a name alone could stand. */
  private static final Set<String> NO_NAMES = Set.of("root", "time", "timestamp");

  /** These are constants where an expression could stand. */
  private static final Set<String> CONSTANTS = Set.of("true", "false", "null", "nan");

  static Stream<String> keywords() {
    return IntStream.rangeClosed(1, SqlLexer.VOCABULARY.getMaxTokenType())
        .mapToObj(SqlLexer.VOCABULARY::getLiteralName)
        .filter(name -> name != null && Character.isLetter(name.charAt(1)))
        .map(name -> name.substring(1, name.length() - 1).toLowerCase(Locale.ROOT));
  }

  static Stream<String> names() {
    return keywords().filter(keyword -> !NO_NAMES.contains(keyword));
  }

  @ParameterizedTest
  @MethodSource("keywords")
  void asANodeBehindADot(String keyword) throws SqlException {
    String node = keyword.substring(0, 1).toUpperCase(Locale.ROOT) + keyword.substring(1);
    String path = "root." + node + ".d." + node;
    SeriesStatement.Create create =
        (SeriesStatement.Create) parse("create timeseries " + path + " int32");
    assertThat(create.device()).containsExactly("root", node, "d");
    assertThat(create.series().get(0).measurement()).isEqualTo(node);
    assertThat(((SeriesStatement.Show) parse("show timeseries " + path + " limit 1")).pattern())
        .containsExactly("root", node, "d", node);
    assertThat(((Select) parse("select d." + node + " from root." + node)).columns())
        .containsExactly(new Select.Column(Select.Function.RAW, List.of("d", node), null));
  }

  @ParameterizedTest
  @MethodSource("names")
  void asANameAlone(String name) throws SqlException {
    assertThat(parse("create pipe " + name + " to " + name))
        .isEqualTo(new PipeStatement.Create(name, name, 0, List.of()));
    Insert insert = (Insert) parse("insert into root.d(time," + name + ",s) values(1,2,3)");
    assertThat(insert.measurements()).containsExactly(name, "s");
    if (!CONSTANTS.contains(name)) {
      assertThat(((Select) parse("select " + name + " from root.d where time > 1")).columns())
          .containsExactly(new Select.Column(Select.Function.RAW, List.of(name), null));
    }
  }

  @ParameterizedTest
  @MethodSource("keywords")
  void inBackQuotes(String keyword) throws SqlException {
    Insert insert = (Insert) parse("insert into root.d(`" + keyword + "`, s) values(3, 4)");
    if (keyword.equalsIgnoreCase("time") || keyword.equalsIgnoreCase("timestamp")) {
      assertThat(insert.measurements()).containsExactly("s");
      assertThat(insert.rows().get(0).timeMs()).isEqualTo(3);
    } else {
      assertThat(insert.measurements()).containsExactly(keyword, "s");
    }
  }

  private static Statement parse(String sql) throws SqlException {
    return SqlParser.parse(sql, ZoneId.of("Z"), 0);
  }
}
