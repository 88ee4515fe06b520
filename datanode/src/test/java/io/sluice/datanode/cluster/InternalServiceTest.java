package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ChangeRegionMembersReq;
import io.sluice.common.rpc.CreateRegionReq;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.HeartbeatReq;
import io.sluice.common.rpc.HeartbeatResp;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeOperationReq;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.rpc.RegionPeer;
import io.sluice.common.rpc.ScanReq;
import io.sluice.common.rpc.ScanResp;
import io.sluice.common.rpc.SeriesQuery;
import io.sluice.common.rpc.StageChunkReq;
import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.datanode.Patience;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.entry.LogEntry;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.thrift.TException;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InternalServiceTest {
  @TempDir Path folder;
  private ClusterOfFakes cluster;
  private ClusterOfFakes.Node node;
  private FakeRegion region;
  private InternalClients<DataNodeService.Client> clients;

  @BeforeEach
  void open() throws Exception {
    cluster = new ClusterOfFakes(folder, 1);
    node = cluster.nodes.get(0);
    node.clusterRegions.regionForWriting("root.v.d0");
    region = node.regions.regions.values().iterator().next();
    clients = new InternalClients<>(new DataNodeService.Client.Factory(), 500, 5_000);
  }

  @AfterEach
  void close() throws Exception {
    clients.close();
    cluster.close();
  }

  private <T> T call(InternalClients.Call<DataNodeService.Client, T> call) throws TException {
    return clients.call(new Endpoint("127.0.0.1", node.server.port()), call);
  }

  private HeartbeatResp heartbeat(String clusterId, long catalog, long pipes) throws TException {
    return call(c -> c.heartbeat(new HeartbeatReq(clusterId, catalog, pipes, List.of(), 1)));
  }

  @Test
  void aHeartbeatAnswersWhatThisNodeIsAndHas() throws Exception {
    node.pipes.replace(new PipeTable(7, List.of()));
    node.readOnly = true;
    HeartbeatResp answer = heartbeat(cluster.clusterId, 1, 9);
    assertThat(answer.getStatus().getCode()).isEqualTo(StatusCode.SUCCESS);
    assertThat(answer.getNodeId()).isEqualTo(node.id);
    assertThat(answer.getPipeTableVersion()).isEqualTo(7);
    assertThat(answer.isReadOnly()).isTrue();
    int regionId = node.catalog.catalog().getRegions().get(0).getId();
    assertThat(answer.getLedRegions()).containsExactly(regionId);
    assertThat(node.pipes.heard).isEqualTo(9);
    assertThat(node.heartbeats).hasValue(1);
    assertThat(answer.getProcessId()).isEqualTo(ClusterOfFakes.PROCESS_ID + node.id);
    assertThat(answer.getDiskFreeBytes()).isEqualTo(10);
    assertThat(answer.getReplicas())
        .singleElement()
        .satisfies(
            replica -> {
              assertThat(replica.getRegion()).isEqualTo(region.id.toString());
              assertThat(replica.isLeads()).isTrue();
              assertThat(replica.isRunning()).isTrue();
              assertThat(replica.getMembers())
                  .containsExactly(new RegionPeer(node.id, new Endpoint("10.0.0.9", 10_760)));
            });

    region.leads = false;
    assertThat(heartbeat(cluster.clusterId, 1, 9).getLedRegions()).isEmpty();
  }

  @Test
  void aHeartbeatOfAnotherClusterIsRefusedAndChangesNothing() throws Exception {
    HeartbeatResp answer = heartbeat(UUID.randomUUID().toString(), 99, 99);
    assertThat(answer.getStatus().getCode()).isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    assertThat(answer.getStatus().getMessage()).contains(cluster.clusterId);
    assertThat(node.pipes.heard).isEqualTo(-1);
    assertThat(node.heartbeats).hasValue(0);
  }

  @Test
  void membersAreChangedWhereTheRegionIsLed() throws Exception {
    String id = region.id.toString();
    List<RegionPeer> members = List.of(new RegionPeer(node.id, new Endpoint("10.0.0.9", 1)));
    assertThat(call(c -> c.changeRegionMembers(new ChangeRegionMembersReq(id, members))).getCode())
        .isEqualTo(StatusCode.SUCCESS);
    assertThat(node.regions.changes).containsEntry(region.id, members);
    assertThat(call(c -> c.transferRegionLeader(id, 9)).getCode()).isEqualTo(StatusCode.SUCCESS);
    assertThat(node.regions.transfers).containsEntry(region.id, 9);

    region.leads = false;
    region.leader = OptionalInt.of(9);
    Status elsewhere = call(c -> c.changeRegionMembers(new ChangeRegionMembersReq(id, members)));
    assertThat(elsewhere.getCode()).isEqualTo(StatusCode.REGION_NOT_HERE);
    assertThat(elsewhere.getRegionLeader()).isEqualTo(9);
    assertThat(call(c -> c.transferRegionLeader(id, 9)).getRegionLeader()).isEqualTo(9);
  }

  @Test
  void aReplicaThatJoinsIsMadeEmptyAndOneThatIsGoneIsDeletedAgain() throws Exception {
    UUID fresh = UUID.randomUUID();
    RegionInfo info = new RegionInfo(7, fresh.toString(), "root.v", List.of(1, 2), 0);
    CreateRegionReq request = new CreateRegionReq(info, List.of()).setJoins(true);
    for (int i = 0; i < 2; i++) {
      assertThat(call(c -> c.createRegion(request)).getCode()).isEqualTo(StatusCode.SUCCESS);
    }
    assertThat(node.regions.joined).containsExactly(fresh);
    for (int i = 0; i < 2; i++) {
      assertThat(call(c -> c.deleteRegion(fresh.toString())).getCode())
          .isEqualTo(StatusCode.SUCCESS);
    }
    assertThat(node.regions.find(fresh)).isEmpty();
  }

  @Test
  void aDroppedDatabasesRegionIsForItsPipesAlone() throws Exception {
    String id = region.id.toString();
    region.answer = new ApplyResult.Applied(8);
    region.droppedIndex = 0;
    node.pipes.past = List.of(3L);
    assertThat(call(c -> c.partRegion(id)).getPassedPipes()).containsExactly(3L);
    assertThat(region.entries).containsExactly(new LogEntry.DropDatabase());
    region.droppedIndex = 8;
    assertThat(call(c -> c.partRegion(id)).getStatus().getCode()).isEqualTo(StatusCode.SUCCESS);
    assertThat(region.entries).as("once").hasSize(1);
    assertThat(call(c -> c.flush(id)).getStatus().getCode()).isEqualTo(StatusCode.REGION_NOT_HERE);
    region.leads = false;
    assertThat(call(c -> c.partRegion(id)).getStatus().getCode())
        .isEqualTo(StatusCode.REGION_NOT_HERE);
  }

  @Test
  void aReadOnlyNodeStagesNothing() throws Exception {
    node.readOnly = true;
    StageChunkReq chunk =
        new StageChunkReq("piece", 0, ByteBuffer.allocate(0), 0, true, region.id.toString());
    assertThat(call(c -> c.stageChunk(chunk)).getCode()).isEqualTo(StatusCode.READ_ONLY);
    assertThat(region.staging.resolve("piece")).doesNotExist();
  }

  @Test
  void aPipeOperationIsDoneOrSaysWhyNot() throws Exception {
    PipeInfo pipe =
        new PipeInfo(
            "p",
            1,
            new PipeSinkInfo("s", "IoTDB", "127.0.0.1", 6667, 0),
            0,
            0,
            false,
            PipeStatus.RUNNING);
    PipeOperationReq request = new PipeOperationReq(PipeOperation.START, pipe);
    assertThat(call(c -> c.operatePipe(request)).getCode()).isEqualTo(StatusCode.SUCCESS);
    assertThat(node.pipes.operations).containsExactly(PipeOperation.START);
    node.pipes.refusal = "no";
    Status refused = call(c -> c.operatePipe(request));
    assertThat(refused.getCode()).isEqualTo(StatusCode.PIPE_ERROR);
    assertThat(refused.getMessage()).isEqualTo("no");
  }

  @Test
  void requestsThatMakeNoSenseGetAStatus() throws Exception {
    assertThat(call(c -> c.propose("no uuid", ByteBuffer.allocate(4))).getStatus().getCode())
        .isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    assertThat(
            call(c -> c.propose(region.id.toString(), ByteBuffer.allocate(3)))
                .getStatus()
                .getCode())
        .isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    assertThat(
            call(c -> c.propose(UUID.randomUUID().toString(), cluster.entryBytes.encode(null)))
                .getStatus()
                .getCode())
        .isEqualTo(StatusCode.REGION_NOT_HERE);
    assertThat(
            call(c -> c.findSeries(new SeriesQuery(region.id.toString(), List.of("root..x"))))
                .getStatus()
                .getCode())
        .isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    ScanReq scan = scan();
    scan.getTypes().add(99);
    assertThat(call(c -> c.openScan(scan)).getStatus().getCode())
        .isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    scan.setTypes(List.of(99));
    assertThat(call(c -> c.count(scan)).getStatus().getCode())
        .isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    assertThat(call(c -> c.nextBlock(12345)).getStatus().getCode())
        .isEqualTo(StatusCode.NO_SUCH_QUERY);
    assertThat(call(c -> c.closeScan(12345)).getCode()).isEqualTo(StatusCode.SUCCESS);
  }

  private ScanReq scan() {
    return new ScanReq(
        region.id.toString(),
        List.of("root.v.d0"),
        List.of("s0"),
        0,
        100,
        false,
        0,
        new ArrayList<>(List.of((int) TSDataType.INT64.serialize())));
  }

  @Test
  void anIdleScanIsClosedAndItsReaderToldSo() throws Exception {
    ScanResp first = call(c -> c.openScan(scan()));
    assertThat(first.isSetBlock()).isTrue();
    cluster.nowMs.addAndGet(59_999);
    ScanResp second = call(c -> c.nextBlock(first.getScanId()));
    assertThat(second.isSetBlock()).isTrue();
    cluster.nowMs.addAndGet(59_999);
    assertThat(node.reader.open).hasValue(1);
    cluster.nowMs.addAndGet(1);

    Patience.await().untilAsserted(() -> assertThat(node.reader.open).hasValue(0));
    assertThat(region.openViews).hasValue(0);
    assertThat(call(c -> c.nextBlock(first.getScanId())).getStatus().getCode())
        .isEqualTo(StatusCode.NO_SUCH_QUERY);
  }

  @Test
  void openScansAreBounded() throws Exception {
    for (int i = 0; i < ClusterOfFakes.SERVICE.scansMax(); i++) {
      assertThat(call(c -> c.openScan(scan())).getStatus().getCode()).isEqualTo(StatusCode.SUCCESS);
    }
    assertThat(call(c -> c.openScan(scan())).getStatus().getCode())
        .isEqualTo(StatusCode.EXECUTE_ERROR);
    assertThat(node.reader.open).hasValue(ClusterOfFakes.SERVICE.scansMax());
  }

  @Test
  void garbageCostsOnlyItsConnection() throws Exception {
    for (String garbage : List.of("GET / HTTP/1.1\r\n\r\n", "\0\0\0\4abcd", "\u007f\uffff\uffff")) {
      try (Socket socket = new Socket("127.0.0.1", node.server.port())) {
        socket.getOutputStream().write(garbage.getBytes(StandardCharsets.UTF_8));
        socket.setSoTimeout(5_000);
        socket.shutdownOutput();
        assertThat(socket.getInputStream().readAllBytes()).isEmpty();
      }
      assertThat(heartbeat(cluster.clusterId, 1, 1).getStatus().getCode())
          .isEqualTo(StatusCode.SUCCESS);
    }
  }

  private Status stage(String name, long offset, String text, boolean last) throws TException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    StageChunkReq chunk =
        new StageChunkReq(
            name, offset, ByteBuffer.wrap(bytes), (int) crc.getValue(), last, region.id.toString());
    return call(c -> c.stageChunk(chunk));
  }

  @Test
  void aStagedNameIsNeverAPath() throws Exception {
    for (String name :
        List.of(
            "../escape",
            "a/b",
            "/etc/x",
            "..",
            ".",
            ".hidden",
            "a..b",
            "",
            "a\\b",
            "a~",
            "a\0b",
            "x".repeat(StagedName.CHARS_MAX + 1),
            "naïve")) {
      assertThat(stage(name, 0, "x", true).getCode())
          .as(name)
          .isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    }
    try (var found = Files.walk(folder)) {
      assertThat(found.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactly(MembershipFile.NAME);
    }
  }

  @Test
  void chunksBuildAFileThatIsThereOnlyOnceItIsWhole() throws Exception {
    assertThat(stage("f.tsfile", 0, "hello ", false).getCode()).isEqualTo(StatusCode.SUCCESS);
    assertThat(region.staging.resolve("f.tsfile")).doesNotExist();
    assertThat(stage("f.tsfile", 7, "x", false).getCode())
        .as("a gap")
        .isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    assertThat(stage("f.tsfile", -1, "x", false).getCode()).isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    assertThat(stage("f.tsfile", 6, "wurld", false).getCode()).isEqualTo(StatusCode.SUCCESS);
    assertThat(stage("f.tsfile", 6, "world", true).getCode()).isEqualTo(StatusCode.SUCCESS);
    assertThat(stage("f.tsfile", 6, "world", true).getCode())
        .as("again, the answer was lost")
        .isEqualTo(StatusCode.SUCCESS);
    assertThat(region.staging.resolve("f.tsfile")).hasContent("hello world");
  }

  @Test
  void aFileBegunAnewNeverWritesIntoOneThatSharesItsName() throws Exception {
    assertThat(stage("f", 0, "first half", false).getCode()).isEqualTo(StatusCode.SUCCESS);
    Path shared = folder.resolve("shared");
    Files.createLink(shared, region.staging.resolve("f~"));
    assertThat(stage("f", 0, "other", true).getCode()).isEqualTo(StatusCode.SUCCESS);
    assertThat(shared).hasContent("first half");
    assertThat(region.staging.resolve("f")).hasContent("other");
  }

  @Test
  void aChunkDamagedOnTheWayIsRefused() throws Exception {
    StageChunkReq chunk =
        new StageChunkReq("f", 0, ByteBuffer.wrap(new byte[] {1}), 0, true, region.id.toString());
    assertThat(call(c -> c.stageChunk(chunk)).getCode()).isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    assertThat(region.staging.resolve("f")).doesNotExist();
  }
}
