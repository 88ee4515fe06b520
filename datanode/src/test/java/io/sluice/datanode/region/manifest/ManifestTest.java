package io.sluice.datanode.region.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.sluice.common.sync.AppliedRecord;
import io.sluice.common.sync.Ledger;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.Source;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.RegionRefusedException;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.Resend;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.Writes;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestTest {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final UUID REGION = new UUID(2, 2);
  private static final ManifestIdentity IDENTITY = new ManifestIdentity(CLUSTER, REGION, "root.x");
  private static final Source SOURCE = new Source(new UUID(3, 3), new UUID(4, 4));

  @TempDir Path folder;

  private Path files() {
    return folder.resolve("files");
  }

  private Manifest.Opened open() throws IOException {
    return Manifest.open(folder, files(), CLUSTER, REGION);
  }

  private SealedFile file(long start, long end) {
    return new SealedFile(
        start,
        end,
        files().resolve(end + ".tsfile"),
        10,
        20,
        new TimeRange(1, 2),
        end % 2 == 0 ? SealedFile.UNKNOWN : Route.HERE);
  }

  private SealedFile fromElsewhere() {
    Path path = files().resolve("20.merged-5-0.tsfile");
    return new SealedFile(5, 20, path, 3, 4, new TimeRange(1, 2), Route.of(new UUID(4, 5)));
  }

  /** A range with one change of every kind. */
  private List<Change> range(long end) {
    String device = "root.x.d" + end;
    return List.of(
        new Change.SeriesAdded(
            device,
            true,
            List.of(Writes.spec("a", TSDataType.FLOAT), Writes.spec("b", TSDataType.TEXT))),
        new Change.SeriesRemoved(device, List.of("a")),
        new Change.PointsHidden(device, List.of("a", "b"), new Hidden(new TimeRange(5, 6), end)),
        new Change.RecordSet(SOURCE, new AppliedRecord(1, 2, end)),
        new Change.LedgerSet(ledger(end)),
        new Change.LeaderBegan(end, end + 1),
        new Change.FileAdded(file(end - 10, end)),
        new Change.Advanced(3, end, end - 1));
  }

  /** The files of the first three ranges become one. */
  private List<Change> merge() {
    return List.of(
        new Change.FilesMerged(List.of(10L, 20L, 30L), List.of(fromElsewhere(), file(0, 30))),
        new Change.Advanced(3, 30, 29));
  }

  private static Ledger ledger(long position) {
    return new Ledger(
        SOURCE,
        1,
        2,
        position,
        0,
        new Lineage(List.of(new Lineage.Span(1, 5))),
        List.of(REGION),
        Map.of(REGION, new AppliedRecord(1, 2, 3)),
        new Ledger.PipeFacts("p", 4, "::1", "root.x", false));
  }

  private RegionImage write(int ranges) throws IOException {
    RegionImage image = RegionImage.EMPTY;
    try (Manifest manifest = Manifest.create(folder, IDENTITY).manifest()) {
      for (int i = 1; i <= ranges; i++) {
        image = image.replay(range(i * 10L));
        manifest.append(range(i * 10L), image);
      }
    }
    return image;
  }

  private Path newest() throws IOException {
    try (var entries = Files.list(folder)) {
      return entries
          .filter(path -> path.getFileName().toString().startsWith("manifest-"))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }

  /** Facts of an image: two sorted images with the same content need not have the same shape. */
  private static List<String> facts(RegionImage image) {
    List<String> facts = new ArrayList<>();
    facts.add(image.term() + " " + image.index() + " " + image.lastDataIndex());
    facts.add(image.records() + " " + image.ledgers() + " " + image.lineage() + image.files());
    image.schema().forEach((name, device) -> facts.add(name + " " + device));
    image.hidden().forEach((key, hidden) -> facts.add(key + " " + hidden));
    return facts;
  }

  @Test
  void whatWasAppendedIsReadBack() throws Exception {
    RegionImage image = write(3);
    try (Manifest manifest = open().manifest()) {
      assertThat(manifest).isNotNull();
    }
    assertThat(facts(open().image())).isEqualTo(facts(image));
    assertThat(open().identity()).isEqualTo(IDENTITY);
  }

  /** Cut anywhere, it is the image after the last whole range: never part of one. */
  @Test
  void aTornTailIsCutOff() throws Exception {
    Manifest.create(folder, IDENTITY).manifest().close();
    Path file = newest();
    long base = Files.size(file);
    List<List<String>> states = new ArrayList<>(List.of(facts(RegionImage.EMPTY)));
    List<Long> lengths = new ArrayList<>(List.of(base));
    RegionImage image = RegionImage.EMPTY;
    Manifest manifest = open().manifest();
    for (int i = 1; i <= 3; i++) {
      image = image.replay(range(i * 10L));
      manifest.append(range(i * 10L), image);
      states.add(facts(image));
      lengths.add(Files.size(file));
    }
    manifest.close();
    byte[] whole = Files.readAllBytes(file);
    for (int length = (int) base; length <= whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      int expected = 0;
      while (expected + 1 < lengths.size() && lengths.get(expected + 1) <= length) {
        expected++;
      }
      ManifestReader.Contents contents = ManifestReader.read(file, files());
      assertThat(facts(contents.image())).as("cut at %s", length).isEqualTo(states.get(expected));
      assertThat(contents.goodBytes()).isEqualTo(lengths.get(expected));
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    open().manifest().close();
    assertThat(Files.size(file)).isEqualTo(lengths.get(2));
  }

  @Test
  void zerosBehindTheEndAreATornTail() throws Exception {
    RegionImage image = write(2);
    byte[] whole = Files.readAllBytes(newest());
    for (int zeros : new int[] {1, 11, 12, 13, 5_000}) {
      Files.write(newest(), Arrays.copyOf(whole, whole.length + zeros));
      Manifest.Opened opened = open();
      opened.manifest().close();
      assertThat(facts(opened.image())).isEqualTo(facts(image));
    }
  }

  @Test
  void anyFlippedBitStopsNamingFileAndOffsetAndChangesNothing() throws Exception {
    write(2);
    Path file = newest();
    byte[] bytes = Files.readAllBytes(file);
    // One bit of each byte, another one of the next.
    for (int bit = 0; bit < bytes.length * 8; bit += 9 - (bit % 8 == 7 ? 8 : 0)) {
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      Files.write(file, bytes);
      try {
        open().manifest().close();
        fail("bit %s of byte %s was not noticed", bit % 8, bit / 8);
      } catch (ManifestDamagedException e) {
        assertThat(e.file()).isEqualTo(file);
        assertThat(e.offset()).isLessThanOrEqualTo(bit / 8);
        assertThat(e).hasMessageContaining(file.toString()).hasMessageContaining("offset");
      }
      assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
      bytes[bit / 8] ^= (byte) (1 << (bit % 8));
    }
  }

  @Test
  void aManifestOfAnotherClusterIsRefused() throws Exception {
    write(1);
    assertThatThrownBy(() -> Manifest.open(folder, files(), new UUID(9, 9), REGION))
        .isInstanceOf(RegionRefusedException.class)
        .hasMessageContaining("cluster");
  }

  @Test
  void aLongManifestGetsANewBase() throws Exception {
    Manifest manifest = Manifest.create(folder, IDENTITY).manifest();
    Path first = newest();
    RegionImage image = RegionImage.EMPTY;
    for (int i = 1; first.equals(newest()); i++) {
      List<Change> changes = new ArrayList<>();
      for (int n = 0; n < 5_000; n++) {
        changes.add(new Change.RecordSet(SOURCE, new AppliedRecord(i, n, 0)));
      }
      changes.add(new Change.Advanced(1, i, 0));
      image = image.replay(changes);
      manifest.append(changes, image);
      assertThat(i).isLessThan(100);
    }
    manifest.append(range(1_000), image.replay(range(1_000)));
    manifest.close();
    assertThat(first).doesNotExist();
    assertThat(Files.size(newest())).isLessThan(10_000);
    assertThat(facts(open().image())).isEqualTo(facts(image.replay(range(1_000))));
  }

  @Test
  void anUnfinishedNewBaseIsPassedOver() throws Exception {
    RegionImage image = write(1);
    Files.writeString(folder.resolve("manifest-2.new"), "half");
    assertThat(facts(open().image())).isEqualTo(facts(image));
  }

  /** The kinds that came later than the golden bytes; see docs/formats/manifest.md. */
  @Test
  void originsDeletionsAndWhatPipesHoldAreReadBackAndStayThroughANewBase() throws Exception {
    write(1);
    UUID origin = new UUID(4, 5);
    Route way = Route.of(new UUID(2, 3), origin);
    SealedFile from =
        new SealedFile(5, 6, files().resolve("6.loaded.tsfile"), 1, 2, new TimeRange(1, 2), way);
    SeriesKey key = new SeriesKey("root.x.d1", "a");
    List<Change> later =
        List.of(
            new Change.DeviceWritten("root.x.d1", origin),
            new Change.PointsHidden(
                "root.x.d1", List.of("a"), new Hidden(TimeRange.ALL, 6, way, true)),
            new Change.SeriesHeld(3, List.of(new HeldSeries(key, 4, 5, 6, "types differ"))),
            new Change.SeriesHeld(4, List.of(new HeldSeries(key, 4, 0, 6, "types differ"))),
            new Change.PipeForgotten(4),
            new Change.ResendAsked(
                3, new Resend(9, List.of(new Resend.Part("root.x.d1", new TimeRange(1, 2))))),
            new Change.DatabaseDropped(9),
            new Change.FileAdded(from));
    var bytes = new ByteArrayOutputStream();
    RegionImage image = RegionImage.EMPTY.replay(range(1));
    for (Change change : later) {
      bytes.reset();
      ManifestRecords.write(new DataOutputStream(bytes), change);
      assertThat(ManifestRecords.read(ByteBuffer.wrap(bytes.toByteArray()), files()))
          .isEqualTo(change);
      image = image.replay(change);
    }
    RegionImage again = RegionImage.EMPTY;
    for (Change change : ManifestRecords.of(image)) {
      bytes.reset();
      ManifestRecords.write(new DataOutputStream(bytes), change);
      again = again.replay(ManifestRecords.read(ByteBuffer.wrap(bytes.toByteArray()), files()));
    }
    assertThat(again.quarantine()).isEqualTo(image.quarantine());
    assertThat(again.quarantine().of(4)).isEmpty();
    assertThat(again.droppedIndex()).isEqualTo(9);
    assertThat(again.files()).isEqualTo(image.files());
    assertThat(again.schema().get("root.x.d1")).isEqualTo(image.schema().get("root.x.d1"));
    assertThat(again.hidden().get(key)).isEqualTo(image.hidden().get(key));
  }

  @Test
  void filesThatWereMergedAreReadBackAsOne() throws Exception {
    RegionImage image = appendMerge();
    assertThat(image.files()).containsExactly(fromElsewhere(), file(0, 30));
    assertThat(facts(open().image())).isEqualTo(facts(image));
  }

  private RegionImage appendMerge() throws IOException {
    write(3);
    Manifest.Opened opened = open();
    RegionImage image = opened.image().replay(merge());
    opened.manifest().append(merge(), image);
    opened.manifest().close();
    return image;
  }

  private String golden(String name) throws IOException {
    try (var in = getClass().getResourceAsStream("/golden/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  /** What stands in manifests written by earlier builds is read for ever. */
  @Test
  void theBytesAreTheGoldenOnes() throws Exception {
    write(1);
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(newest())))
        .isEqualTo(golden("manifest-v1.txt"));
  }

  @Test
  void theBytesOfAMergeAreTheGoldenOnes() throws Exception {
    write(3);
    int before = (int) Files.size(newest());
    Files.delete(newest());
    appendMerge();
    byte[] whole = Files.readAllBytes(newest());
    assertThat(HexFormat.of().formatHex(whole, before, whole.length))
        .isEqualTo(golden("manifest-merge-v1.txt"));
  }
}
