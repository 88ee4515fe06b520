package io.sluice.common.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFilesTest {
  @TempDir Path folder;

  @Test
  void replaceLeavesTheNewContentAndNothingElse() throws IOException {
    Path file = folder.resolve("a");
    DurableFiles.replace(file, new byte[] {1});
    DurableFiles.replace(file, new byte[] {2, 3});
    assertThat(Files.readAllBytes(file)).containsExactly(2, 3);
    try (var names = Files.list(folder)) {
      assertThat(names).containsExactly(file);
    }
  }

  @Test
  void checksumsTheWholeFile() throws IOException {
    byte[] bytes = new byte[3_000_001];
    new java.util.Random(1).nextBytes(bytes);
    Files.write(folder.resolve("b"), bytes);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    assertThat(DurableFiles.crc32c(folder.resolve("b"))).isEqualTo((int) crc.getValue());
  }

  @Test
  void deleteTreeRemovesALinkNotItsTarget() throws IOException {
    Path kept = Files.writeString(Files.createDirectory(folder.resolve("kept")).resolve("f"), "x");
    Path tree = Files.createDirectories(folder.resolve("tree/sub"));
    Files.createSymbolicLink(tree.resolve("link"), kept.getParent());
    DurableFiles.deleteTree(folder.resolve("tree"));
    assertThat(kept).exists();
    assertThat(folder.resolve("tree")).doesNotExist();
  }
}
