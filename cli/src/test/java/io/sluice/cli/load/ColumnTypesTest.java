package io.sluice.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.Test;

class ColumnTypesTest {
  private static TSDataType typeOf(String... values) {
    ColumnTypes types = new ColumnTypes();
    for (String value : values) {
      types.see(value);
    }
    return types.type();
  }

  @Test
  void looksAtAllValues() {
    assertThat(typeOf()).isNull();
    assertThat(typeOf("true", "FALSE")).isEqualTo(TSDataType.BOOLEAN);
    assertThat(typeOf("1", "-2", " 3 ")).isEqualTo(TSDataType.INT64);
    assertThat(typeOf("1", "2", "3", "4.5")).isEqualTo(TSDataType.DOUBLE);
    assertThat(typeOf("1", "NaN", "1e9")).isEqualTo(TSDataType.DOUBLE);
    assertThat(typeOf("a", "b")).isEqualTo(TSDataType.TEXT);
    assertThat(typeOf("true", "1")).isEqualTo(TSDataType.TEXT);
  }

  @Test
  void oneBrokenValueDoesNotTurnNumbersIntoTexts() {
    assertThat(typeOf("1", "2", "x")).isEqualTo(TSDataType.INT64);
    assertThat(typeOf("1", "x")).isEqualTo(TSDataType.TEXT);
  }

  @Test
  void digitsBeyondTheRangeAreTexts() {
    assertThat(typeOf("9223372036854775807")).isEqualTo(TSDataType.INT64);
    assertThat(typeOf("9223372036854775808")).isEqualTo(TSDataType.TEXT);
  }
}
