package io.sluice.common.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SyncBytesTest {
  private static final Ledger LEDGER =
      new Ledger(
          new Source(new UUID(1, 2), new UUID(3, 4)),
          5,
          6,
          7,
          0,
          new Lineage(List.of(new Lineage.Span(1, 8))),
          List.of(new UUID(9, 10)),
          Map.of(new UUID(9, 10), new AppliedRecord(6, 8, 7)),
          new Ledger.PipeFacts("p", 11, "127.0.0.1", "root.a", true));

  private static final String GOLDEN =
      "00000000000000010000000000000002"
          + "00000000000000030000000000000004"
          + "0000000000000005"
          + "0000000000000006"
          + "0000000000000007"
          + "00000001"
          + "0000000000000001"
          + "0000000000000008"
          + "00000001"
          + "0000000000000009000000000000000a"
          + "00000001"
          + "0000000000000009000000000000000a"
          + "01"
          + "0000000000000006"
          + "0000000000000008"
          + "0000000000000007"
          + "0001"
          + "70"
          + "000000000000000b"
          + "0009"
          + "3132372e302e302e31"
          + "0006"
          + "726f6f742e61"
          + "01";

  @Test
  void aLedgersBytesStay() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    SyncBytes.write(new DataOutputStream(bytes), LEDGER);
    assertThat(HexFormat.of().formatHex(bytes.toByteArray())).isEqualTo(GOLDEN);
    assertThat(SyncBytes.readLedger(input(bytes.toByteArray()))).isEqualTo(LEDGER);
  }

  /** What is cut comes behind, and only then: a ledger of before is read as one without. */
  @Test
  void whatIsCutIsToldOfRecordAndLedger() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    AppliedRecord cut = new AppliedRecord(6, 8, 7, 12);
    SyncBytes.write(new DataOutputStream(bytes), cut);
    assertThat(HexFormat.of().formatHex(bytes.toByteArray()))
        .isEqualTo(
            "02"
                + "0000000000000006"
                + "0000000000000008"
                + "0000000000000007"
                + "000000000000000c");
    assertThat(SyncBytes.readRecord(input(bytes.toByteArray()))).isEqualTo(cut);
    Ledger ledger =
        new Ledger(
            LEDGER.source(),
            5,
            6,
            7,
            12,
            LEDGER.lineage(),
            LEDGER.targets(),
            LEDGER.lastRecords(),
            LEDGER.pipe());
    bytes.reset();
    SyncBytes.write(new DataOutputStream(bytes), ledger);
    assertThat(HexFormat.of().formatHex(bytes.toByteArray()))
        .isEqualTo(GOLDEN.substring(0, GOLDEN.length() - 2) + "03" + "000000000000000c");
    assertThat(SyncBytes.readLedger(input(bytes.toByteArray()))).isEqualTo(ledger);
  }

  @Test
  void aDamagedCountIsAnErrorNotAHugeList() {
    byte[] bytes = HexFormat.of().parseHex(GOLDEN);
    bytes[56] = 0x7f;
    assertThatThrownBy(() -> SyncBytes.readLedger(input(bytes)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("count");
  }

  private static DataInputStream input(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
