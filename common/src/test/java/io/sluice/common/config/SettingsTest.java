package io.sluice.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path folder;

  @Test
  void missingFilesMeanDefaults() throws Exception {
    Settings settings = Settings.read(folder, folder, Map.of());
    assertThat(settings.get(Parameters.DN_RPC_PORT)).isEqualTo(6667);
    assertThat(settings.get(Parameters.IP_WHITE_LIST)).isEqualTo("127.0.0.1/32");
    assertThat(settings.folder(Parameters.DN_DATA_DIR))
        .isEqualTo(folder.resolve("data/datanode/data"));
  }

  @Test
  void anUnknownKeyWarnsAndIsIgnored() throws Exception {
    Files.writeString(folder.resolve("iotdb-common.properties"), "no_such_key=1\n");
    Settings settings = Settings.read(folder, folder, Map.of());
    assertThat(settings.warnings()).singleElement().asString().contains("no_such_key");
  }

  @Test
  void everyValueOutOfRangeIsNamed() throws Exception {
    Files.writeString(
        folder.resolve("iotdb-common.properties"),
        "max_number_of_sync_file_retry=-1\nheartbeat_interval_in_ms=soon\n");
    assertThatThrownBy(() -> Settings.read(folder, folder, Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("max_number_of_sync_file_retry: -1 is outside [0, 2147483647]")
        .hasMessageContaining("heartbeat_interval_in_ms: 'soon' is not a whole number");
  }

  @Test
  void theEnvironmentOverridesTheFiles() throws Exception {
    Files.writeString(folder.resolve("iotdb-datanode.properties"), "dn_rpc_port=7000\n");
    Settings settings = Settings.read(folder, folder, Map.of("SLUICE_dn_rpc_port", "7001"));
    assertThat(settings.get(Parameters.DN_RPC_PORT)).isEqualTo(7001);
  }

  @Test
  void differencesAreFoundByText() throws Exception {
    Settings before = Settings.read(folder, folder, Map.of());
    Settings after = Settings.read(folder, folder, Map.of("SLUICE_ip_white_list", ""));
    assertThat(before.differencesTo(after)).isEqualTo(List.of(Parameters.IP_WHITE_LIST));
  }

  @Test
  void addressesAreParsedOrRefusedByName() {
    assertThat(HostPort.parse("[::1]:10710")).isEqualTo(new HostPort("::1", 10710));
    for (String bad : List.of("localhost", "h:", "h:0", "h:70000", ":1", "h:x")) {
      assertThatThrownBy(() -> HostPort.parse(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
