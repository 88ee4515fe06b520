package io.sluice.confignode.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.confignode.core.RunningSettings.OfNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunningSettingsTest {
  @Test
  void whatAllNodesHaveIsSaidOnce() {
    assertThat(
            RunningSettings.rows(
                List.of(
                    node("ConfigNode 0", Map.of("a", "1", "b", "")),
                    node("DataNode 1", Map.of("a", "1", "b", "")))))
        .isEqualTo(Map.of("a", "1", "b", ""));
  }

  @Test
  void whereNodesDifferEachIsNamed() {
    assertThat(
            RunningSettings.rows(
                List.of(
                    node("ConfigNode 0", Map.of("a", "1")),
                    node("DataNode 1", Map.of("a", "2")),
                    node("DataNode 2", Map.of("a", "1")))))
        .isEqualTo(Map.of("a", "1 on ConfigNode 0, DataNode 2; 2 on DataNode 1"));
  }

  @Test
  void aNodeThatDoesNotAnswerIsNotPassedOver() {
    assertThat(
            RunningSettings.rows(
                List.of(
                    node("DataNode 1", Map.of("a", "1")),
                    new OfNode("DataNode 2", Optional.empty()))))
        .isEqualTo(Map.of("a", "1; not known of DataNode 2"));
  }

  private static OfNode node(String name, Map<String, String> values) {
    return new OfNode(name, Optional.of(values));
  }
}
