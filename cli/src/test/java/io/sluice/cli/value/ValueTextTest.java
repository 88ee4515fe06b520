package io.sluice.cli.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTextTest {
  private static Object read(String text, TSDataType type) throws BadValueException {
    return ValueText.read(text, type, TimeText.utc());
  }

  @Test
  void readsEachType() throws Exception {
    assertThat(read("TRUE", TSDataType.BOOLEAN)).isEqualTo(true);
    assertThat(read(" -12 ", TSDataType.INT32)).isEqualTo(-12);
    assertThat(read("+9223372036854775807", TSDataType.INT64)).isEqualTo(Long.MAX_VALUE);
    assertThat(read("1.5", TSDataType.FLOAT)).isEqualTo(1.5f);
    assertThat(read("51.846000000000004", TSDataType.DOUBLE)).isEqualTo(51.846000000000004);
    assertThat(read("-Infinity", TSDataType.DOUBLE)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(read(" x ", TSDataType.TEXT)).isEqualTo(new Binary(" x ".getBytes()));
    assertThat(read("0x00fF", TSDataType.BLOB)).isEqualTo(new Binary(new byte[] {0, -1}));
    assertThat(read("2024-02-29", TSDataType.DATE)).isEqualTo(LocalDate.of(2024, 2, 29));
    assertThat(read("1970-01-01T00:00:01Z", TSDataType.TIMESTAMP)).isEqualTo(1_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "yes,BOOLEAN",
    "1.0,INT64",
    "2147483648,INT32",
    "9223372036854775808,INT64",
    "abc,DOUBLE",
    "1d,DOUBLE",
    "0x1p3,DOUBLE",
    "1e400,DOUBLE",
    "1e39,FLOAT",
    "00,BLOB",
    "0x0,BLOB",
    "2023-02-29,DATE",
    "20230228,DATE",
    "later,TIMESTAMP"
  })
  void refusesWhatIsNoValueOfTheType(String text, TSDataType type) {
    assertThatThrownBy(() -> read(text, type)).isInstanceOf(BadValueException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "-1.5", "+.5", "5.", "1e9", "1.5E-3", "NaN", "-Infinity"})
  void knowsDecimals(String text) {
    assertThat(ValueText.isDecimal(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-", ".", "e5", "1e", "1f", "0x10", "1,5", "1 ", "nan", "--1", "1.2.3"})
  void knowsWhatIsNoDecimal(String text) {
    assertThat(ValueText.isDecimal(text)).isFalse();
  }

  @Test
  void showsAnyTextOnOneShortLine() {
    assertThat(ValueText.shown("a\nb")).isEqualTo("'a?b'");
    assertThat(ValueText.shown("x".repeat(1_000))).hasSizeLessThan(70);
  }
}
