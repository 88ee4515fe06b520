package io.sluice.sync.receiver.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.sync.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingAreaTest {
  private static final Source SOURCE = new Source(new UUID(1, 2), new UUID(3, 4));
  private static final int CHUNK_BYTES = 1_000;

  @TempDir Path folder;
  private final byte[] content = new byte[10 * CHUNK_BYTES];
  private PieceKey key;

  @BeforeEach
  void fill() {
    new Random(3).nextBytes(content);
    key = new PieceKey(SOURCE, 4, 9, content.length, crc(content, 0, content.length));
  }

  private static int crc(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset, length);
    return (int) crc.getValue();
  }

  private StagingArea open(long bytesMax) throws IOException {
    return StagingArea.open(folder, bytesMax);
  }

  private PartialFile admit(StagingArea area, PieceKey which) throws Exception {
    return area.admit(which).orElseThrow();
  }

  private void send(PartialFile file, int chunks) throws IOException {
    for (int i = 0; i < chunks; i++) {
      int offset = (int) file.heldBytes();
      file.write(ByteBuffer.wrap(content, offset, 300));
      file.write(ByteBuffer.wrap(content, offset + 300, CHUNK_BYTES - 300));
      assertThat(file.endChunk(crc(content, offset, CHUNK_BYTES))).isTrue();
    }
  }

  /** Of one byte each, they would never reach the limit of bytes. */
  @Test
  void tinyFilesGiveWayTooAndTooManyAtOnceWait() throws Exception {
    StagingArea area = open(1 << 20);
    for (int i = 0; i < StagingArea.FILES_MAX + 5; i++) {
      admit(area, new PieceKey(SOURCE, i, i + 1, 1, 0)).release();
    }
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2 * StagingArea.FILES_MAX);
    }
    assertThat(area.reservedBytes()).isEqualTo(StagingArea.FILES_MAX);
  }

  private Path only(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  @Test
  void aFileArrivesWholeAndIsTheOneThatWasAnnounced() throws Exception {
    PartialFile file = admit(open(1 << 20), key);
    send(file, 10);
    assertThat(file.finish()).isTrue();
    assertThat(Files.readAllBytes(file.path())).isEqualTo(content);
    file.discard();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aRestartResumesAtTheBytesThatAreHeld() throws Exception {
    PartialFile file = admit(open(1 << 20), key);
    send(file, 4);
    file.write(ByteBuffer.wrap(content, 4_000, 500));
    // No release: the process is killed.
    PartialFile again = admit(open(1 << 20), key);
    assertThat(again.heldBytes()).isEqualTo(4_000);
    send(again, 6);
    assertThat(again.finish()).isTrue();
    assertThat(Files.readAllBytes(again.path())).isEqualTo(content);
  }

  @Test
  void anotherChecksumOrRangeIsAnotherFile() throws Exception {
    StagingArea area = open(1 << 20);
    send(admit(area, key), 4);
    var other = new PieceKey(SOURCE, 4, 9, content.length, key.crc32c() + 1);
    assertThat(admit(area, other).heldBytes()).isZero();
  }

  @Test
  void aChunkThatDoesNotMatchIsThrownAway() throws Exception {
    PartialFile file = admit(open(1 << 20), key);
    send(file, 2);
    file.write(ByteBuffer.wrap(new byte[CHUNK_BYTES]));
    assertThat(file.endChunk(crc(content, 2_000, CHUNK_BYTES))).isFalse();
    assertThat(file.heldBytes()).isEqualTo(2_000);
    send(file, 8);
    assertThat(file.finish()).isTrue();
  }

  @Test
  void aFlippedBitInStagingIsFoundAtTheRestart() throws Exception {
    send(admit(open(1 << 20), key), 8);
    Path part = only(".part");
    byte[] bytes = Files.readAllBytes(part);
    bytes[5_500] ^= 1;
    Files.write(part, bytes);
    PartialFile again = admit(open(1 << 20), key);
    assertThat(again.heldBytes()).isEqualTo(5_000);
    send(again, 5);
    assertThat(again.finish()).isTrue();
    assertThat(Files.readAllBytes(again.path())).isEqualTo(content);
  }

  @Test
  void aTornOrForeignJournalCostsAResendOnly() throws Exception {
    send(admit(open(1 << 20), key), 8);
    Path journal = only(".chunks");
    byte[] bytes = Files.readAllBytes(journal);
    Files.write(journal, java.util.Arrays.copyOf(bytes, bytes.length - 7));
    PartialFile torn = admit(open(1 << 20), key);
    assertThat(torn.heldBytes()).isEqualTo(7_000);
    bytes[20] ^= 1;
    Files.write(journal, bytes);
    assertThat(admit(open(1 << 20), key).heldBytes()).isZero();
  }

  @Test
  void aPartShorterThanItsJournalIsCutThere() throws Exception {
    send(admit(open(1 << 20), key), 8);
    try (var part = Files.newByteChannel(only(".part"), StandardOpenOption.WRITE)) {
      part.truncate(3_500);
    }
    assertThat(admit(open(1 << 20), key).heldBytes()).isEqualTo(3_000);
  }

  @Test
  void aWholeFileThatIsNotTheAnnouncedOneIsNotHandedOn() throws Exception {
    var wrong = new PieceKey(SOURCE, 4, 9, content.length, key.crc32c() + 1);
    PartialFile file = admit(open(1 << 20), wrong);
    send(file, 10);
    assertThat(file.finish()).isFalse();
    file.discard();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void lengthsAreReservedAndIdleFilesGiveWayOldestFirst() throws Exception {
    StagingArea area = open(25_000);
    PartialFile first = admit(area, key);
    send(first, 1);
    PartialFile second = admit(area, new PieceKey(SOURCE, 9, 12, 10_000, 1));
    PieceKey third = new PieceKey(SOURCE, 12, 15, 10_000, 2);
    assertThat(area.admit(third)).isEmpty();
    second.release();
    first.release();
    assertThat(area.admit(third)).isPresent();
    assertThat(area.reservedBytes()).isEqualTo(20_000);
    assertThat(admit(area, key).heldBytes()).as("the younger idle one stayed").isEqualTo(1_000);
    assertThatThrownBy(() -> area.admit(new PieceKey(SOURCE, 15, 16, 25_001, 3)))
        .isInstanceOf(StagingArea.TooLargeException.class);
  }

  @Test
  void whoSendsTheFileAgainTakesItOver() throws Exception {
    StagingArea area = open(1 << 20);
    PartialFile old = admit(area, key);
    send(old, 3);
    PartialFile young = admit(area, key);
    assertThat(young.heldBytes()).isEqualTo(3_000);
    assertThatThrownBy(() -> old.write(ByteBuffer.wrap(new byte[1])))
        .isInstanceOf(StagingArea.TakenOverException.class);
    old.discard();
    send(young, 7);
    assertThat(young.finish()).isTrue();
  }

  @Test
  void theJournalsBytesAreTheOnesOfTheFormatPage() throws Exception {
    var small = new PieceKey(SOURCE, 4, 9, 1L << 33, 0x0A0B0C0D);
    PartialFile file = admit(open(1L << 40), small);
    file.write(ByteBuffer.wrap("sluice".getBytes(StandardCharsets.UTF_8)));
    file.endChunk(crc("sluice".getBytes(StandardCharsets.UTF_8), 0, 6));
    Path journal = only(".chunks");
    List<String> written =
        List.of(
            journal.getFileName().toString(),
            HexFormat.of().formatHex(Files.readAllBytes(journal)));
    try (var golden = getClass().getResourceAsStream("/golden/staging-journal.txt")) {
      assertThat(String.join("\n", written) + "\n")
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
