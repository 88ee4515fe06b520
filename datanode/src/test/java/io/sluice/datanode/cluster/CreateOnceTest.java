package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.entry.LogEntry;
import java.lang.reflect.Proxy;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.Test;

/** A leader was lost after it was told to make a series: the next one has it already. */
class CreateOnceTest {
  private static final ApplyResult EXISTS =
      new ApplyResult.Refused(StatusCode.SERIES_ALREADY_EXISTS, "already exist");

  private static SeriesInfo series(TSDataType type) {
    return Writes.series("root.x.d", "s", type);
  }

  /** One that refuses, since it has this. */
  private static Replica having(SeriesInfo there) {
    return (Replica)
        Proxy.newProxyInstance(
            Replica.class.getClassLoader(),
            new Class<?>[] {Replica.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("propose")) {
                return EXISTS;
              }
              assertThat(arguments[0]).isEqualTo(List.of(PathPattern.parse("root.x.d.s")));
              return List.of(there);
            });
  }

  private final CreateOnce create =
      new CreateOnce(new LogEntry.CreateSeries(List.of(series(TSDataType.INT64)), false));

  @Test
  void whatAnAttemptBeforeMayHaveMadeIsMade() throws Exception {
    assertThat(create.again(having(series(TSDataType.INT64))))
        .isInstanceOf(ApplyResult.Applied.class);
  }

  @Test
  void aSeriesOfAnotherTypeIsRefused() throws Exception {
    assertThat(create.again(having(series(TSDataType.TEXT)))).isEqualTo(EXISTS);
  }

  @Test
  void theFirstAttemptIsRefused() throws Exception {
    assertThat(create.of(having(series(TSDataType.INT64)))).isEqualTo(EXISTS);
  }
}
