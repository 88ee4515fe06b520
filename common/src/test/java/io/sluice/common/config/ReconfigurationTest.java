package io.sluice.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.node.Reconfiguration;
import io.sluice.common.node.Reconfiguration.SettingsRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconfigurationTest {
  @TempDir Path folder;
  private final List<String> taken = new ArrayList<>();
  private Reconfiguration reconfiguration;

  @BeforeEach
  void startWithDefaults() throws Exception {
    Settings start = read();
    reconfiguration = new Reconfiguration(this::read, start);
    reconfiguration.onReload(
        (fresh, dryRun) -> {
          if (!dryRun) {
            taken.add(fresh.text(Parameters.IP_WHITE_LIST));
          }
        });
    reconfiguration.onReload(
        (fresh, dryRun) -> {
          if (fresh.text(Parameters.IP_WHITE_LIST).equals("nonsense")) {
            throw new SettingsRefusedException("ip_white_list: 'nonsense' is no network");
          }
        });
  }

  private Settings read() throws IOException, SettingsException {
    return Settings.read(folder, folder, Map.of());
  }

  private void write(String... lines) throws IOException {
    Files.write(folder.resolve(Parameter.ConfFile.COMMON.fileName()), List.of(lines));
  }

  @Test
  void oneBadValueChangesNothing() throws IOException {
    write("ip_white_list=10.0.0.0/8", "max_number_of_sync_file_retry=many");
    assertThatThrownBy(() -> reconfiguration.reload())
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("max_number_of_sync_file_retry: 'many' is not a whole number");
    assertThat(taken).isEmpty();
    assertThat(running(Parameters.IP_WHITE_LIST)).isEqualTo("127.0.0.1/32");
  }

  /** A component's refusal comes before any other has taken over. */
  @Test
  void whatTheLastComponentRefusesTheFirstHasNotTaken() throws IOException {
    write("ip_white_list=nonsense", "max_number_of_sync_file_retry=7");
    assertThatThrownBy(() -> reconfiguration.reload())
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessage("ip_white_list: 'nonsense' is no network");
    assertThat(taken).isEmpty();
    assertThat(running(Parameters.SYNC_RETRIES_MAX)).isEqualTo("5");
  }

  @Test
  void aValueThatTakesARestartIsNamedUntilThereWasOneAndDoesNotRun() throws Exception {
    write("ip_white_list=10.0.0.0/8", "memtable_size_threshold=2097152");
    for (int again = 0; again < 2; again++) {
      assertThat(reconfiguration.reload())
          .containsExactly(
              "memtable_size_threshold is '2097152' in the files, but '67108864' until a restart");
      assertThat(running(Parameters.MEMTABLE_BYTES)).isEqualTo("67108864");
      assertThat(running(Parameters.IP_WHITE_LIST)).isEqualTo("10.0.0.0/8");
    }
    write("ip_white_list=10.0.0.0/8");
    assertThat(reconfiguration.reload()).isEmpty();
    assertThat(taken).containsExactly("10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8");
  }

  private String running(Parameter<?> parameter) {
    return reconfiguration.running().text(parameter);
  }
}
