package io.sluice.datanode.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.TsBlockBuilder;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.Test;

/**
 * The bytes of {@code docs/formats/sync-frames.md}; they never change within a version.
 *
 * <p>Bug put back: the name of a series left out.
 */
class RowBytesTest {
  private static final List<String> NAMES = List.of("b", "i", "l", "f", "d", "t", "none");
  private static final List<TSDataType> TYPES =
      List.of(
          TSDataType.BOOLEAN,
          TSDataType.INT32,
          TSDataType.INT64,
          TSDataType.FLOAT,
          TSDataType.DOUBLE,
          TSDataType.TEXT,
          TSDataType.INT64);

  private static final String GOLDEN =
      "00000000000003e8" // time 1000
          + "00000006" // points
          + "0000000162"
          + "00"
          + "01"
          + "0000000169"
          + "01"
          + "fffffffe"
          + "000000016c"
          + "02"
          + "0000000000000003"
          + "0000000166"
          + "03"
          + "7fc00000"
          + "0000000164"
          + "04"
          + "3ff8000000000000"
          + "0000000174"
          + "05"
          + "0000000278c3";

  private static TsBlock block() {
    TsBlockBuilder builder = new TsBlockBuilder(TYPES);
    builder.getTimeColumnBuilder().writeLong(1_000);
    builder.getColumnBuilder(0).writeBoolean(true);
    builder.getColumnBuilder(1).writeInt(-2);
    builder.getColumnBuilder(2).writeLong(3);
    builder.getColumnBuilder(3).writeFloat(Float.intBitsToFloat(0x7FC00001));
    builder.getColumnBuilder(4).writeDouble(1.5);
    builder.getColumnBuilder(5).writeBinary(new Binary(new byte[] {0x78, (byte) 0xC3}));
    builder.getColumnBuilder(6).appendNull();
    builder.declarePosition();
    return builder.build();
  }

  @Test
  void whatIsHashedIsAsTheFormatPageSays() throws Exception {
    byte[] golden = HexFormat.of().parseHex(GOLDEN);
    HashInput input = new HashInput();
    RowBytes rows = new RowBytes(NAMES, TYPES, input);
    assertThat(rows.write(block(), 0)).isEqualTo(6);
    ByteBuffer hash = input.hash();
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    assertThat(hash.array()).isEqualTo(sha.digest(golden));
    assertThat(HexFormat.of().formatHex(hash.array(), 0, 8)).isEqualTo("820173ab8c052cf2");
  }

  @Test
  void longValuesAndManyRowsAreHashedWhole() throws Exception {
    HashInput input = new HashInput();
    byte[] value = "y".repeat(20_000).getBytes(StandardCharsets.UTF_8);
    MessageDigest sha = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < 3_000; i++) {
      input.putLong(i);
      sha.update(ByteBuffer.allocate(Long.BYTES).putLong(i).flip());
    }
    input.putBytes(value);
    sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(value.length).flip());
    sha.update(value);
    assertThat(input.hash().array()).isEqualTo(sha.digest());
  }
}
