package io.sluice.datanode.region.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A leader whose Raft server keeps something of an earlier change of members, seen in a storm that
 * moved replicas between nodes that died: every change failed for as long as it led, for hours if
 * nobody died. Without the new term in {@code RaftGroupServer.setMembers} the test here failed.
 */
class StaleMembersTest {
  private final UUID id = UUID.randomUUID();

  private static Object field(Object of, String name) throws Exception {
    Field field = of.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(of);
  }

  /** As Ratis 3.3.0 leaves it when what feeds a member that left is still among its appenders. */
  private void leaveAChangeBehind(RegionHost host) throws Exception {
    RaftServer server = (RaftServer) field(field(host, "raft"), "server");
    Object role = field(server.getDivision(RaftGroupId.valueOf(id)), "role");
    Method leading = role.getClass().getDeclaredMethod("getLeaderState");
    leading.setAccessible(true);
    Object leader = ((Optional<?>) leading.invoke(role)).orElseThrow();
    Object pending = field(leader, "pendingRequests");
    Method add =
        pending.getClass().getDeclaredMethod("addConfRequest", SetConfigurationRequest.class);
    add.setAccessible(true);
    add.invoke(
        pending,
        new SetConfigurationRequest(
            ClientId.randomId(), server.getId(), RaftGroupId.valueOf(id), 1, List.of()));
  }

  @Test
  void aNewTermBeginsAndTheChangeGoesThrough(@TempDir Path folder) throws Exception {
    try (Replicas nodes = new Replicas(folder, Replicas.small(64 << 20))) {
      nodes.start(1);
      nodes.start(2);
      nodes.create(id, 1);
      nodes.awaitLeader(id);
      nodes.host(2).join(id, "root.x");
      leaveAChangeBehind(nodes.host(1));

      assertThatExceptionOfType(StatusException.class)
          .isThrownBy(() -> nodes.host(1).changeMembers(id, nodes.members(1, 2)))
          .satisfies(e -> assertThat(e.code()).isEqualTo(StatusCode.REGION_NOT_HERE));

      await()
          .atMost(Replicas.PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> nodes.host(1).changeMembers(id, nodes.members(1, 2)));
    }
  }
}
