package io.sluice.datanode.region.store;

import static io.sluice.datanode.region.Writes.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.file.DurableFiles;
import io.sluice.datanode.region.DurableImage;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry.Seal;
import io.sluice.datanode.region.manifest.ManifestIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bugs put back and seen here: files of an image taken without their checksums, an image put in
 * place that the region has overtaken.
 */
class IncomingImageTest {
  private static final UUID CLUSTER = new UUID(1, 1);
  private static final UUID REGION = new UUID(2, 2);

  @TempDir Path temp;
  private final MemoryBudget memory = new MemoryBudget(1 << 30);
  private Path here;
  private Path there;

  private static final class CrashedException extends RuntimeException {}

  @BeforeEach
  void createBoth() throws Exception {
    here = temp.resolve("here");
    there = temp.resolve("there");
    make(here, 2);
    make(there, 6);
  }

  /** A region with one sealed file per range; its manifest ends at {@code 2 * files}. */
  private void make(Path root, int files) throws IOException {
    if (!Files.exists(root)) {
      RegionStore.create(root, new ManifestIdentity(CLUSTER, REGION, "root.x"));
    }
    try (RegionStore store = open(root)) {
      long index = store.durable().index();
      for (int i = 0; i < files; i++) {
        store.apply(1, ++index, row("root.x.d", "s", index, index), null);
        store.apply(1, ++index, new Seal(), null);
        assertThat(store.flushNext()).isTrue();
      }
    }
  }

  private RegionStore open(Path root) throws IOException {
    return RegionStore.open(
        root, CLUSTER, REGION, new FakeSealedFileWriter(), memory, MissingFiles.NOWHERE);
  }

  private IncomingImage incoming() {
    return new IncomingImage(here, CLUSTER, REGION);
  }

  private void copyTo(Path into) throws IOException {
    try (RegionStore store = open(there);
        DurableImage image = store.openImage()) {
      for (DurableImage.Entry entry : image.entries()) {
        Path target = into.resolve(entry.name());
        Files.createDirectories(target.getParent());
        Files.copy(entry.path(), target);
        assertThat(Files.size(target)).isEqualTo(entry.lengthBytes());
        assertThat(DurableFiles.crc32c(target)).isEqualTo(entry.crc32c());
      }
    }
  }

  private long openedIndex() throws IOException {
    try (RegionStore store = open(here)) {
      for (SealedFile file : store.durable().files()) {
        assertThat(LoadedFiles.whole(file.path(), file.lengthBytes(), file.crc32c())).isTrue();
      }
      assertThat(store.durable().files()).hasSize((int) (store.durable().index() + 1) / 2);
      return store.durable().index();
    }
  }

  @Test
  void whatAPeerWasIsTheRegionAfterTheNextOpen() throws Exception {
    copyTo(incoming().begin());
    assertThat(incoming().publish().index()).isEqualTo(11);
    assertThat(openedIndex()).isEqualTo(11);
    assertThat(IncomingImage.installedIndex(here)).hasValue(11);
    try (var left = Files.list(here)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .doesNotContain("incoming", "arriving");
    }
  }

  @Test
  void aCrashAtAnyStepLeavesTheOldOrTheNew() throws Exception {
    int steps = 0;
    boolean finished = false;
    while (!finished) {
      DurableFiles.deleteTree(here);
      make(here, 2);
      copyTo(incoming().begin());
      incoming().publish();
      finished = crashAfter(steps);
      assertThat(openedIndex()).as("crash after step %s", steps).isEqualTo(11);
      steps++;
    }
    assertThat(steps).as("steps that were crashed at").isGreaterThan(6);
  }

  /** Whether it came to its end before that step. */
  private boolean crashAfter(int steps) throws IOException {
    int[] left = {steps};
    try {
      incoming()
          .putInPlace(
              () -> {
                if (left[0]-- == 0) {
                  throw new CrashedException();
                }
              });
      return true;
    } catch (CrashedException e) {
      return false;
    }
  }

  @Test
  void whatHasNotArrivedWholeIsForgotten() throws Exception {
    copyTo(incoming().begin());
    assertThat(openedIndex()).isEqualTo(3);
    assertThat(here.resolve("arriving")).doesNotExist();
  }

  @Test
  void aFileThatIsNotWhatTheManifestSaysIsNotTaken() throws Exception {
    Path into = incoming().begin();
    copyTo(into);
    try (var files = Files.list(into.resolve("files"))) {
      Path file = files.findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      bytes[0] ^= 1;
      Files.write(file, bytes);
    }
    assertThatThrownBy(() -> incoming().publish()).isInstanceOf(IOException.class);
    assertThat(openedIndex()).isEqualTo(3);
  }

  @Test
  void anImageThatTheRegionHasOvertakenIsLeftAside() throws Exception {
    copyTo(incoming().begin());
    incoming().publish();
    Path aside = temp.resolve("aside");
    Files.move(here.resolve("incoming"), aside);
    make(here, 8);
    Files.move(aside, here.resolve("incoming"));
    assertThat(openedIndex()).isEqualTo(19);
    assertThat(here.resolve("incoming")).doesNotExist();
  }

  @Test
  void anImageStaysAsItIsWhateverBecomesOfTheRegion() throws Exception {
    DurableImage image;
    try (RegionStore store = open(there)) {
      image = store.openImage();
      List<SealedFile> files = store.durable().files();
      Files.delete(files.get(0).path());
      for (DurableImage.Entry entry : image.entries()) {
        assertThat(DurableFiles.crc32c(entry.path())).isEqualTo(entry.crc32c());
      }
      image.close();
      assertThat(image.entries().get(0).path()).doesNotExist();
    }
  }
}
