package io.sluice.datanode.region.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.SharedDevice;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.DeviceSchema;
import io.sluice.datanode.region.image.RegionImage;
import java.util.List;
import java.util.UUID;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.Test;

class SharedDevicesTest {
  private final UUID one = new UUID(1, 1);
  private final UUID two = new UUID(2, 2);
  private RegionImage image = RegionImage.EMPTY;
  private SharedDevices devices = new SharedDevices();

  private SharedDevice brought(UUID cluster, String... names) {
    for (String name : names) {
      written(cluster, name);
    }
    return devices.brought(cluster, List.of(names), image.schema());
  }

  private void written(UUID origin, String name) {
    var spec = Writes.series(name, "s", TSDataType.INT64).spec();
    image =
        image.replay(
            List.of(
                new Change.SeriesAdded(name, false, List.of(spec)),
                new Change.DeviceWritten(name, origin)));
  }

  @Test
  void whoeverComesSecondIsToldOfTheFirstAndTheOtherWayRound() {
    assertThat(brought(one, "root.a.d", "root.a.e")).isNull();
    assertThat(brought(one, "root.a.d")).isNull();
    assertThat(brought(two, "root.a.c", "root.a.d", "root.a.e"))
        .isEqualTo(new SharedDevice("root.a.d", one));
    assertThat(brought(one, "root.a.e")).isEqualTo(new SharedDevice("root.a.e", two));
  }

  @Test
  void oneThatHasCeasedIsToldOfOnce() {
    brought(one, "root.a.d");
    assertThat(brought(two, "root.a.d")).isNotNull();
    assertThat(brought(two, "root.a.d")).isNull();
  }

  @Test
  void theNextProcessKnowsItFromTheImage() {
    brought(one, "root.a.d");
    devices = new SharedDevices();
    assertThat(brought(two, "root.a.d")).isEqualTo(new SharedDevice("root.a.d", one));
  }

  @Test
  void whatClientsWriteHereIsNotASenders() {
    written(DeviceSchema.HERE, "root.a.d");
    assertThat(brought(one, "root.a.d")).isNull();
  }

  @Test
  void ofTooManyDevicesTheOldestAreToldOfAgain() {
    for (int i = 0; i <= SharedDevices.DEVICES_MAX; i++) {
      brought(one, "root.a.d" + i);
      assertThat(brought(two, "root.a.d" + i)).isNotNull();
    }
    assertThat(brought(two, "root.a.d" + SharedDevices.DEVICES_MAX)).isNull();
    assertThat(brought(two, "root.a.d0")).isEqualTo(new SharedDevice("root.a.d0", one));
  }
}
