package io.sluice.cli.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.ZoneId;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeTextTest {
  private static TimeText in(String zone) {
    return new TimeText(ZoneId.of(zone), TimePrecision.MILLISECOND);
  }

  @Test
  void writesTheOffsetOfTheZone() {
    assertThat(in("+08:00").write(1_648_987_697_127L)).isEqualTo("2022-04-03T20:08:17.127+08:00");
    assertThat(in("Asia/Shanghai").write(1)).isEqualTo("1970-01-01T08:00:00.001+08:00");
    assertThat(in("Z").write(1_795_410_149_791L)).isEqualTo("2026-11-23T05:02:29.791Z");
    assertThat(in("UTC").write(-1)).isEqualTo("1969-12-31T23:59:59.999Z");
  }

  @ParameterizedTest
  @CsvSource({
    "2014-02-14 14:27:00, 1392388020000",
    "2014-02-14T14:27:00, 1392388020000",
    "2014-02-14 14:27, 1392388020000",
    "2014/2/14 14:27:00.5, 1392388020500",
    "2014-02-14T14:27:00.123Z, 1392388020123",
    "2014-02-14T14:27:00.123+08:00, 1392359220123",
    "2014-02-14 14:27:00 +0800, 1392359220000",
    "2014-02-14T14:27:00.05, 1392388020050",
    "2014-02-14, 1392336000000",
    "1392388020000, 1392388020000",
    "-5, -5"
  })
  void readsTheFormsThatSensorsWrite(String text, long time) throws Exception {
    assertThat(in("UTC").read(text)).isEqualTo(time);
  }

  @Test
  void readsWithoutAnOffsetInItsZone() throws Exception {
    assertThat(in("+08:00").read("2022-03-30 00:00:00")).isEqualTo(1_648_569_600_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "12:00",
        "2014-02-30",
        "2014-13-01",
        "2014-02-14 25:00:00",
        "2014-02-14 14",
        "2014-02-14 14:27:0x",
        "2014-02-14 14:27:00.",
        "2014-02-14 14:27:00.+1",
        "99999999999999999999",
        "2014-02-14T14:27:00.1234Z",
        "1.5",
        "2014-02-14 14:27:00 nonsense"
      })
  void refusesWhatIsNoTime(String text) {
    assertThatThrownBy(() -> in("UTC").read(text)).isInstanceOf(BadValueException.class);
  }

  @Test
  void readsBackWhatItWrites() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    for (String zone : new String[] {"Z", "+08:00", "Asia/Shanghai", "Europe/Berlin", "-03:30"}) {
      for (TimePrecision precision : TimePrecision.values()) {
        TimeText times = new TimeText(ZoneId.of(zone), precision);
        for (long time : new long[] {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
          assertThat(times.read(times.write(time))).isEqualTo(time);
        }
        for (int i = 0; i < 200; i++) {
          long time = random.nextLong() >> random.nextInt(40);
          assertThat(times.read(times.write(time))).as(times.write(time)).isEqualTo(time);
        }
      }
    }
  }
}
