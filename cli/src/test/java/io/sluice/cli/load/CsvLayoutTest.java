package io.sluice.cli.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.cli.csv.CsvField;
import io.sluice.cli.value.TimeText;
import java.util.Arrays;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.Test;

class CsvLayoutTest {
  private static CsvLayout of(String line, String into) throws BadLayoutException {
    List<CsvField> fields =
        Arrays.stream(line.split(",")).map(text -> new CsvField(text, false)).toList();
    return CsvLayout.of(fields, into, TimeText.utc());
  }

  @Test
  void plainWithAHeaderTakesItsNames() throws BadLayoutException {
    CsvLayout layout = of("timestamp,value,flow rate,5xx,t(FLOAT),t2(C)", "root.db.d");
    assertThat(layout.hasHeader()).isTrue();
    assertThat(layout.columns())
        .extracting(CsvLayout.Column::measurement)
        .containsExactly("value", "`flow rate`", "`5xx`", "t", "`t2(C)`");
    assertThat(layout.columns().get(3).declared()).isEqualTo(TSDataType.FLOAT);
    assertThat(layout.columns()).extracting(CsvLayout.Column::device).containsOnly("root.db.d");
  }

  @Test
  void plainWithoutAHeaderGetsNames() throws BadLayoutException {
    assertThat(of("2014-02-14 14:27:00,1.5", "root.db.d").columns().get(0).measurement())
        .isEqualTo("value");
    CsvLayout two = of("1392388020000,1,x", "root.db.d");
    assertThat(two.hasHeader()).isFalse();
    assertThat(two.columns())
        .extracting(CsvLayout.Column::measurement)
        .containsExactly("value1", "value2");
  }

  @Test
  void aBrokenFirstLineIsNoHeader() throws BadLayoutException {
    assertThat(of("rubbish,12.5", "root.db.d").hasHeader()).isFalse();
  }

  @Test
  void seriesInTheHeader() throws BadLayoutException {
    CsvLayout layout = of("Time,root.a.b.s1(INT32),root.a.`x.y`.`s 2`", null);
    assertThat(layout.deviceInLine()).isFalse();
    assertThat(layout.columns())
        .extracting(CsvLayout.Column::device)
        .containsExactly("root.a.b", "root.a.`x.y`");
    assertThat(layout.columns())
        .extracting(CsvLayout.Column::measurement)
        .containsExactly("s1", "`s 2`");
  }

  @Test
  void aDeviceInEachLine() throws BadLayoutException {
    CsvLayout layout = of("Time,Device,s1,s2(TEXT)", null);
    assertThat(layout.deviceInLine()).isTrue();
    assertThat(layout.fieldCount()).isEqualTo(4);
    assertThat(layout.columns().get(0).device()).isNull();
  }

  @Test
  void refusesWhatItCannotPlace() {
    assertThatThrownBy(() -> of("timestamp,value", null)).hasMessageContaining("--into");
    assertThatThrownBy(() -> of("Time,root.a.b", "root.c")).hasMessageContaining("--into out");
    assertThatThrownBy(() -> of("Time,Device,s", "root.c")).hasMessageContaining("--into out");
    assertThatThrownBy(() -> of("timestamp,a,a", "root.c")).hasMessageContaining("twice");
    assertThatThrownBy(() -> of("timestamp", "root.c")).hasMessageContaining("at least one");
    assertThatThrownBy(() -> of("Time,root.count(*).x", null)).hasMessageContaining("not a series");
    for (String bad : List.of("root", "db.d", "root.*.d", "root.a b", "root.a;drop", "root..d")) {
      assertThatThrownBy(() -> of("timestamp,value", bad)).hasMessageContaining("not a device");
    }
  }
}
