package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.sluice.common.file.DurableFiles;
import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.DataNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.FileChunkResp;
import io.sluice.common.rpc.LoadFileRef;
import io.sluice.common.rpc.RegionImageResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.time.MonotonicClock;
import io.sluice.datanode.Patience;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.RegionMember;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.thrift.TException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two nodes over loopback: {@code here} copies from {@code there}. Bug put back and seen here: a
 * file that was copied not compared with its checksum.
 */
class ThriftPeersTest {
  private static final int LARGE_BYTES = (3 << 20) + 17;

  @TempDir Path folder;
  private ClusterOfFakes cluster;
  private ClusterOfFakes.Node here;
  private ClusterOfFakes.Node there;
  private FakeRegion region;
  private FakeRegion mine;
  private Path into;

  @BeforeEach
  void open() throws Exception {
    cluster = new ClusterOfFakes(folder.resolve("nodes"), 2);
    here = cluster.nodes.get(0);
    there = cluster.nodes.get(1);
    there.clusterRegions.regionForWriting("root.v.d0");
    region = there.regions.regions.values().iterator().next();
    mine = here.regions.add(region.id, region.database);
    into = Files.createDirectories(folder.resolve("into"));
    here.catalog.refresh();
    there.catalog.refresh();
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  private Path file(String name, int lengthBytes) throws IOException {
    byte[] bytes = new byte[lengthBytes];
    new Random(lengthBytes).nextBytes(bytes);
    return Files.write(Files.createDirectories(folder.resolve("source")).resolve(name), bytes);
  }

  private DurableImage.Entry listed(String name, int lengthBytes) throws IOException {
    Path path = file(name.replace('/', '_'), lengthBytes);
    DurableImage.Entry entry =
        new DurableImage.Entry(name, path, lengthBytes, DurableFiles.crc32c(path));
    region.image.add(entry);
    return entry;
  }

  private void copyImage() throws IOException {
    here.peers.copyImage(region.id, there.id, into);
  }

  private <T> T call(InternalClients.Call<DataNodeService.Client, T> call) throws TException {
    try (var clients = new InternalClients<>(new DataNodeService.Client.Factory(), 500, 5_000)) {
      return clients.call(new Endpoint("127.0.0.1", there.server.port()), call);
    }
  }

  @Test
  void anImageIsCopiedWithItsFolders() throws Exception {
    listed("manifest-7", 1_000);
    listed("files/00000000000000000012.tsfile", LARGE_BYTES);
    listed("files/empty.tsfile", 0);
    copyImage();
    for (DurableImage.Entry entry : region.image) {
      assertThat(into.resolve(entry.name())).hasSameBinaryContentAs(entry.path());
    }
    assertThat(region.openImages).as("closed there").hasValue(0);
  }

  @Test
  void ofAnImageOnlyWhatIsChosenWhenItsManifestIsThere() throws Exception {
    listed("manifest-7", 1_000);
    listed("files/1.tsfile", 100);
    DurableImage.Entry chosen = listed("files/2.tsfile", 200);
    here.peers.copyPart(
        region.id,
        there.id,
        into,
        () -> {
          assertThat(into.resolve("manifest-7")).exists();
          return Set.of(chosen.name());
        });
    assertThat(into.resolve(chosen.name())).hasSameBinaryContentAs(chosen.path());
    assertThat(into.resolve("files/1.tsfile")).doesNotExist();
    Path other = Files.createDirectories(folder.resolve("other"));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> here.peers.copyPart(region.id, there.id, other, () -> Set.of("files/3.tsfile")))
        .withMessageContaining("files/3.tsfile");
    assertThat(region.openImages).as("closed there").hasValue(0);
  }

  @Test
  void aCutConnectionIsGoneOnFromWhereItStood() throws Exception {
    DurableImage.Entry entry = listed("files/1.tsfile", LARGE_BYTES);
    there.cutsEverySecond = true;
    copyImage();
    assertThat(into.resolve(entry.name())).hasSameBinaryContentAs(entry.path());
  }

  @Test
  void aNodeThatIsGoneIsNamedAfterABoundedTime() throws Exception {
    listed("manifest-0", 10);
    there.die();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::copyImage)
        .withMessageContaining("Connection refused on DataNode: {id=" + there.id);
  }

  @Test
  void aFileThatIsNotWhatItsChecksumSaysIsRefusedAndNothingIsLeft() throws Exception {
    DurableImage.Entry entry = listed("files/1.tsfile", LARGE_BYTES);
    region.image.set(
        0,
        new DurableImage.Entry(
            entry.name(), entry.path(), entry.lengthBytes(), entry.crc32c() ^ 1));
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(this::copyImage)
        .withMessageContaining("checksum");
    assertThat(into.resolve(entry.name())).doesNotExist();
    assertThat(region.openImages).hasValue(0);
  }

  @Test
  void aFileShorterThanWasSaidIsRefused() throws Exception {
    DurableImage.Entry entry = listed("files/1.tsfile", 100);
    Files.write(entry.path(), new byte[10]);
    assertThatExceptionOfType(IOException.class).isThrownBy(this::copyImage);
    assertThat(into.resolve(entry.name())).doesNotExist();
  }

  @Test
  void aNameFromThePeerIsNeverAPath() throws Exception {
    Path source = file("source", 10);
    for (String name :
        List.of("../evil", "files/../../evil", "/etc/evil", "", "files//x", ".hidden", "a/b/c/d")) {
      region.image.clear();
      region.image.add(new DurableImage.Entry(name, source, 10, DurableFiles.crc32c(source)));
      assertThatExceptionOfType(IOException.class)
          .as(name)
          .isThrownBy(this::copyImage)
          .withMessageContaining("names a file that is none");
    }
    assertThat(folder.resolve("evil")).doesNotExist();
  }

  @Test
  void imagesAreBoundedAndClosedWhenNobodyReads() throws Exception {
    listed("manifest-0", 10);
    String id = region.id.toString();
    RegionImageResp last = null;
    int opened = 0;
    for (RegionImageResp each = call(c -> c.openRegionImage(id));
        each.getStatus().getCode() == StatusCode.SUCCESS;
        each = call(c -> c.openRegionImage(id))) {
      last = each;
      opened++;
    }
    assertThat(opened).isBetween(4, 64);
    assertThat(region.openImages).hasValue(opened);
    cluster.nowMs.addAndGet(120_000);
    Patience.await().untilAsserted(() -> assertThat(region.openImages).hasValue(0));
    long closed = last.getImageId();
    assertThat(call(c -> c.readRegionImage(closed, "manifest-0", 0, 10)).getStatus().getCode())
        .isEqualTo(StatusCode.NO_SUCH_QUERY);
  }

  @Test
  void whatIsAskedForIsBounded() throws Exception {
    listed("manifest-0", 9 << 20);
    long image = call(c -> c.openRegionImage(region.id.toString())).getImageId();
    FileChunkResp chunk = call(c -> c.readRegionImage(image, "manifest-0", 0, Integer.MAX_VALUE));
    assertThat(chunk.getData()).hasSize(FileChunks.BYTES_MAX);
    assertThat(call(c -> c.readRegionImage(image, "manifest-0", 9 << 20, 10)).getData()).isEmpty();
    for (String name : List.of("../x", "manifest-1", "")) {
      assertThat(call(c -> c.readRegionImage(image, name, 0, 10)).getStatus().getCode())
          .isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    }
    for (long[] place : new long[][] {{-1, 10}, {0, 0}, {0, -5}}) {
      assertThat(
              call(c -> c.readRegionImage(image, "manifest-0", place[0], (int) place[1]))
                  .getStatus()
                  .getCode())
          .isEqualTo(StatusCode.ILLEGAL_PARAMETER);
    }
  }

  @Test
  void aLoadFileIsCopiedAlsoWhenItsNameGoesMeanwhile() throws Exception {
    Path staged = staged(region, "piece-1.tsfile", LARGE_BYTES);
    int crc = DurableFiles.crc32c(staged);
    LoadFileRef ref = new LoadFileRef(region.id.toString(), "piece-1.tsfile", LARGE_BYTES, crc);
    assertThat(call(c -> c.readLoadFile(ref, 0, 10)).getData()).hasSize(10);
    byte[] whole = Files.readAllBytes(staged);
    Files.delete(staged);

    Path target = into.resolve("copy");
    here.peers.copyLoadFile(region.id, there.id, "piece-1.tsfile", LARGE_BYTES, crc, target, 5_000);
    assertThat(target).hasBinaryContent(whole);

    cluster.nowMs.addAndGet(120_000);
    Patience.await().untilAsserted(() -> assertThat(there.service.openForPeers()).isZero());
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () ->
                here.peers.copyLoadFile(
                    region.id,
                    there.id,
                    "piece-1.tsfile",
                    LARGE_BYTES,
                    crc,
                    into.resolve("no"),
                    5_000))
        .withMessageContaining("is not here whole");
    assertThat(into.resolve("no")).doesNotExist();
  }

  /** Bug put back and seen: a load's file waited for as long as an image's. */
  @Test
  void aFileOfALoadIsWaitedForOnlyAsLongAsItsCallerLikes() throws Exception {
    there.stopped = new CountDownLatch(1);
    try (var peers =
        new ThriftPeers(
            here.id, here.catalog, ThriftPeers.Options.DEFAULT, MonotonicClock.SYSTEM)) {
      assertTimeout(Duration.ofSeconds(15), () -> assertNotToBeHad(peers));
      there.stopped.countDown();
      there.die();
      assertTimeout(Duration.ofSeconds(15), () -> assertNotToBeHad(peers));
    }
  }

  private void assertNotToBeHad(ThriftPeers peers) {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(
            () -> peers.copyLoadFile(region.id, there.id, "piece", 10, 1, into.resolve("no"), 200))
        .withMessageContaining("DataNode: {id=" + there.id);
  }

  private static Path staged(FakeRegion in, String name, int lengthBytes) throws IOException {
    byte[] bytes = new byte[lengthBytes];
    new Random(lengthBytes).nextBytes(bytes);
    return Files.write(Files.createDirectories(in.staging).resolve(name), bytes);
  }

  @Test
  void aPeerStagesAFileThatItFetchesHere() throws Exception {
    Path staged = staged(mine, "piece-2.tsfile", LARGE_BYTES);
    int crc = DurableFiles.crc32c(staged);
    byte[] whole = Files.readAllBytes(staged);
    for (int i = 0; i < 2; i++) {
      here.peers.stageAt(region.id, there.id, "piece-2.tsfile", LARGE_BYTES, crc, () -> true);
      assertThat(region.staging.resolve("piece-2.tsfile")).hasBinaryContent(whole);
      try (var names = Files.list(region.staging)) {
        assertThat(names).as("nothing else is left").hasSize(1);
      }
      Files.write(staged, new byte[0]); // the second time it is not needed
    }
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> here.peers.stageAt(region.id, there.id, "none.tsfile", 10, 1, () -> true))
        .withMessageContaining("is not here whole");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> here.peers.stageAt(region.id, there.id, "../none", 10, 1, () -> true));
  }

  /** Seen to fail when whether the copy was wanted was not asked. */
  @Test
  void aPeerThatHangsIsGivenUpOnceItsCopyIsNotWanted() throws Exception {
    there.server.close();
    try (ServerSocket silent = new ServerSocket(there.server.port())) {
      assertThat(silent.isBound()).as("takes calls and never answers").isTrue();
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> here.peers.stageAt(region.id, there.id, "n.tsfile", 10, 1, () -> false))
          .withMessageContaining("id=" + there.id)
          .withStackTraceContaining("given up after");
    }
  }

  @Test
  void aNodesRaftAddressIsTheCatalogs() {
    assertThat(here.peers.member(there.id))
        .contains(new RegionMember(there.id, "127.0.0.1", there.server.port()));
    assertThat(here.peers.member(99)).isEmpty();
  }
}
