package io.sluice.datanode.pipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.Deletion;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeletionPieceTest {
  private static final Deletion DELETION =
      new Deletion(
          new TimeRange(1, 9), true, List.of(new Deletion.Device("root.d", List.of("a", "b"))));

  /** Bytes on the wire and in staging: they never change. */
  @Test
  void theBytesAreThoseOfTheFormatPage() throws Exception {
    byte[] bytes = DeletionPiece.bytes(DELETION);
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "534c554400010000"
                + "00000000000000010000000000000009"
                + "01"
                + "00000001"
                + "00000006726f6f742e64"
                + "00000002"
                + "0000000161"
                + "0000000162");
    assertThat(DeletionPiece.read(bytes)).isEqualTo(DELETION);
  }

  @Test
  void whatIsNoDeletionIsRefused() {
    byte[] bytes = DeletionPiece.bytes(DELETION);
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> DeletionPiece.read(cut)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> DeletionPiece.read(Arrays.copyOf(bytes, bytes.length + 1)))
        .hasMessageContaining("1 bytes behind");
    bytes[5] = 2;
    assertThatThrownBy(() -> DeletionPiece.read(bytes)).hasMessageContaining("version 2");
  }
}
