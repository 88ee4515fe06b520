package io.sluice.sync.receiver.staging;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole file may be linked into a region: what staging does later must not touch it there. */
class LinkedFileTest {
  private static final byte[] CONTENT = "what a region has come to rely on".getBytes();

  @TempDir Path folder;
  private final PieceKey key =
      new PieceKey(new Source(new UUID(1, 2), new UUID(3, 4)), 0, 5, CONTENT.length, crc(CONTENT));

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private PartialFile admitted() throws Exception {
    return StagingArea.open(folder.resolve("staging"), 1_000).admit(key).orElseThrow();
  }

  /** A file that was received whole and is in a region, though staging was not told. */
  private Path linkedWhole() throws Exception {
    PartialFile file = admitted();
    file.write(ByteBuffer.wrap(CONTENT));
    assertThat(file.endChunk(crc(CONTENT))).isTrue();
    assertThat(file.finish()).isTrue();
    file.release();
    return Files.createLink(folder.resolve("region-file"), file.path());
  }

  private Path journal() throws IOException {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(folder.resolve("staging"), "*.chunks")) {
      return found.iterator().next();
    }
  }

  @Test
  void aWholeFileIsResumedAsItIs() throws Exception {
    Path linked = linkedWhole();
    assertThat(admitted().heldBytes()).isEqualTo(CONTENT.length);
    assertThat(linked).hasBinaryContent(CONTENT);
  }

  @Test
  void aLostJournalDoesNotCostTheRegionItsFile() throws Exception {
    Path linked = linkedWhole();
    Files.delete(journal());
    PartialFile anew = admitted();
    assertThat(anew.heldBytes()).isZero();
    assertThat(linked).hasBinaryContent(CONTENT);
    anew.write(ByteBuffer.wrap("something else".getBytes()));
    assertThat(linked).hasBinaryContent(CONTENT);
  }

  @Test
  void aTornJournalDoesNotCostTheRegionItsFile() throws Exception {
    Path linked = linkedWhole();
    try (FileChannel journal = FileChannel.open(journal(), StandardOpenOption.WRITE)) {
      journal.truncate(journal.size() - 1);
    }
    PartialFile anew = admitted();
    assertThat(anew.heldBytes()).isZero();
    anew.write(ByteBuffer.wrap(CONTENT));
    assertThat(anew.endChunk(crc(CONTENT))).isTrue();
    assertThat(anew.finish()).isTrue();
    assertThat(linked).hasBinaryContent(CONTENT);
    assertThat(Files.isSameFile(linked, anew.path())).isFalse();
  }
}
