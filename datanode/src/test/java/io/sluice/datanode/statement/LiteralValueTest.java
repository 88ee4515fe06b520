package io.sluice.datanode.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.status.StatusException;
import io.sluice.sql.statement.Literal;
import java.nio.charset.StandardCharsets;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteralValueTest {
  @ParameterizedTest
  @CsvSource({
    "true,BOOLEAN", "FALSE,BOOLEAN", "1,FLOAT", "-16777216,FLOAT", "16777217,DOUBLE",
    "99999999999999999999,DOUBLE", "1.5,FLOAT", "1e3,FLOAT", "NaN,DOUBLE", "abc,TEXT",
    "12a,TEXT", "1e99999999999,TEXT", "'',TEXT", "-,TEXT"
  })
  void textsAreInferred(String text, TSDataType type) {
    assertThat(LiteralValue.inferred(LiteralValue.ofText(text))).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "BOOLEAN,TRUE", "BOOLEAN,0", "INT32,-2147483648", "INT64,9223372036854775807", "FLOAT,1e3",
    "DOUBLE,NaN", "TEXT,12", "STRING,true", "DATE,2024-02-29", "TIMESTAMP,1"
  })
  void valuesFitTheirSeries(TSDataType type, String text) throws Exception {
    assertThat(LiteralValue.as(type, LiteralValue.ofText(text), "root.d.s"))
        .isInstanceOf(
            switch (type) {
              case BOOLEAN -> Boolean.class;
              case INT32, DATE -> Integer.class;
              case INT64, TIMESTAMP -> Long.class;
              case FLOAT -> Float.class;
              case DOUBLE -> Double.class;
              default -> Binary.class;
            });
  }

  @ParameterizedTest
  @CsvSource({
    "BOOLEAN,2", "INT32,2147483648", "INT32,1.0", "INT64,9223372036854775808", "INT64,abc",
    "FLOAT,1e39", "FLOAT,true", "DOUBLE,1e309", "DATE,2023-02-29", "DATE,yesterday",
    "TIMESTAMP,now"
  })
  void othersAreRefusedByName(TSDataType type, String text) {
    assertThatThrownBy(() -> LiteralValue.as(type, LiteralValue.ofText(text), "root.d.s"))
        .isInstanceOf(StatusException.class)
        .hasMessageContaining("root.d.s")
        .hasMessageContaining("root.d.s is " + type);
  }

  @Test
  void datesAreTakenAsWritten() throws Exception {
    Literal day = new Literal.Time(0, "2024-05-01");
    assertThat(LiteralValue.as(TSDataType.DATE, day, "p")).isEqualTo(20_240_501);
    assertThat(LiteralValue.as(TSDataType.INT64, day, "p")).isEqualTo(0L);
    assertThat(LiteralValue.as(TSDataType.TEXT, new Literal.Text("ü"), "p"))
        .isEqualTo(new Binary("ü", StandardCharsets.UTF_8));
  }
}
