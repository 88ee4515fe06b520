package io.sluice.common.sync.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.sync.Compression;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Route;
import io.sluice.common.sync.SeriesConflict;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.digest.DigestPart;
import io.sluice.common.sync.digest.DigestSpans;
import io.sluice.common.sync.digest.RangeHash;
import io.sluice.common.sync.digest.RowDigest;
import io.sluice.common.sync.digest.RowPage;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.common.sync.mend.RowsPart;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FrameBytesTest {
  private static final UUID CLUSTER = new UUID(0x0102030405060708L, 0x1112131415161718L);
  private static final UUID REGION = new UUID(0x2122232425262728L, 0x3132333435363738L);
  private static final Source SOURCE = new Source(CLUSTER, REGION);

  private static Map<String, Frame> samples() {
    Lineage lineage = new Lineage(List.of(new Lineage.Span(1, 77), new Lineage.Span(40, -5)));
    Map<String, Frame> frames = new LinkedHashMap<>();
    frames.put("hello", new Frame.Hello(SOURCE, "p", 3, 1_700, "root.a", -1, true, 1, lineage, 99));
    frames.put("file_begin", new Frame.FileBegin(5, 9, 77, 1L << 33, 0xCAFEBABE));
    frames.put("deletion_begin", new Frame.FileBegin(5, 9, 7, 40, 3, Frame.Content.DELETION));
    frames.put("chunk", new Frame.Chunk(9, 4096, 5, 0x01020304));
    frames.put("passed", new Frame.Passed(9, 12, 77));
    frames.put("cut_by", new Frame.CutBy(41));
    frames.put("via", new Frame.Via(Route.of(REGION, CLUSTER)));
    frames.put("ping", new Frame.Ping(42));
    frames.put("notice", new Frame.Notice(SOURCE, 3, "root.a", Frame.Notice.What.DROP));
    frames.put("greeting", new Frame.Greeting(1, CLUSTER));
    frames.put(
        "welcome", new Frame.Welcome(7, 5, true, List.of(new Frame.Address("127.0.0.1", 6667))));
    frames.put("file_accept", new Frame.FileAccept(9, 4096));
    frames.put("applied", new Frame.Applied(12));
    frames.put("pong", new Frame.Pong(42));
    frames.put("refused", new Frame.Refused(Refusal.WHITE_LIST, "no: 10.0.0.1"));
    frames.put("notice_done", new Frame.NoticeDone(3));
    frames.put(
        "conflict",
        new Frame.Conflict(12, List.of(new SeriesConflict("root.a.d", "s", "INT32, not FLOAT"))));
    frames.put("wait", new Frame.Wait());
    frames.put("identify", new Frame.Identify("ann", secret(24, 1)));
    frames.put("proof", new Frame.Proof(secret(32, 2)));
    frames.put("proof_wanted", new Frame.ProofWanted(secret(24, 3), secret(16, 4), 60_000));
    frames.put("believed", new Frame.Believed(secret(32, 5)));
    frames.put(
        "packed",
        new Frame.Packed(new Frame.Chunk(9, 4_096, 100, 0x01020304), Compression.ZSTD, 5));
    frames.put("shared", new Frame.Shared("root.a.d", CLUSTER));
    Frame.Asker asker = new Frame.Asker(SOURCE, 3, "root.a");
    DigestPart part = new DigestPart("root.a.d", List.of("s0", "s1"));
    TimeSpan span = new TimeSpan(-1, 1_000);
    frames.put(
        "digests_wanted",
        new Frame.DigestsWanted(
            asker,
            List.of(
                new DigestSpans(part, List.of(span, new TimeSpan(1_001, Long.MAX_VALUE))),
                new DigestSpans(new DigestPart("root.a.e", List.of()), List.of(span)))));
    frames.put("rows_wanted", new Frame.RowsWanted(asker, part, span));
    frames.put("digests", new Frame.Digests(List.of(new RangeHash(7, 8, 9), RangeHash.tooMany())));
    frames.put(
        "rows",
        new Frame.Rows(new RowPage(List.of(new RowDigest(-1, 5), new RowDigest(9, 6)), true)));
    RottenFile rotten = new RottenFile(CLUSTER, 77, 4_096, 0x1234, span);
    frames.put("rotten_wanted", new Frame.RottenWanted(asker));
    RowsPart rowsPart = new RowsPart(9, 7, -5, 6, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    frames.put("mend", new Frame.Mend(asker, rotten, rowsPart));
    frames.put("rotten", new Frame.Rotten(List.of(rotten)));
    frames.put("mended", new Frame.MendAnswer(new Mended(Mended.State.DONE, "done")));
    return frames;
  }

  @Test
  void bytesAreTheOnesOfTheFormatPage() throws IOException {
    StringBuilder written = new StringBuilder();
    ByteBuf opening = Unpooled.buffer();
    FrameEncoder.write(Opening.OURS, opening);
    written.append("opening ").append(ByteBufUtil.hexDump(opening)).append('\n');
    for (Map.Entry<String, Frame> sample : samples().entrySet()) {
      written.append(sample.getKey()).append(' ');
      written.append(ByteBufUtil.hexDump(bytes(sample.getValue()))).append('\n');
    }
    try (InputStream golden = getClass().getResourceAsStream("/golden/sync-frames.txt")) {
      assertThat(written.toString())
          .isEqualTo(new String(golden.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void everyFrameIsReadBackHoweverTheBytesArrive() throws IOException {
    for (int partBytes : new int[] {1, 3, 1000}) {
      EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(true));
      ByteBuf all = Unpooled.buffer();
      FrameEncoder.write(Opening.OURS, all);
      for (Frame frame : samples().values()) {
        FrameEncoder.write(frame, all);
        if (frame instanceof Frame.Chunk || frame instanceof Frame.Packed) {
          all.writeBytes(new byte[] {1, 2, 3, 4, 5});
        }
      }
      while (all.isReadable()) {
        channel.writeInbound(all.readRetainedSlice(Math.min(partBytes, all.readableBytes())));
      }
      List<Object> read = new ArrayList<>();
      ByteBuf content = Unpooled.buffer();
      for (Object message = channel.readInbound();
          message != null;
          message = channel.readInbound()) {
        if (message instanceof ByteBuf part) {
          content.writeBytes(part);
          part.release();
        } else {
          read.add(message);
        }
      }
      List<Object> expected = new ArrayList<>(List.of(Opening.OURS));
      expected.addAll(samples().values());
      assertThat(read).isEqualTo(expected);
      assertThat(ByteBufUtil.hexDump(content)).isEqualTo("01020304050102030405");
      channel.finishAndReleaseAll();
    }
  }

  @Test
  void aFlippedBitIsNeverHandedOn() throws IOException {
    Random random = new Random(11);
    for (Frame frame : samples().values()) {
      ByteBuf good = bytes(frame);
      for (int bit = 0; bit < good.readableBytes() * 8; bit++) {
        ByteBuf bad = good.copy();
        bad.setByte(bit / 8, bad.getByte(bit / 8) ^ (1 << (bit % 8)));
        assertNothingRead(bad, frame + " bit " + bit);
      }
      assertNothingRead(good.copy(0, random.nextInt(good.readableBytes())), frame + " cut");
    }
  }

  @Test
  void nothingAfterABadFrameIsHandedOn() throws IOException {
    ByteBuf bytes = bytes(new Frame.Ping(1));
    bytes.setByte(bytes.writerIndex() - 1, 9);
    FrameEncoder.write(new Frame.Ping(2), bytes);
    assertNothingRead(bytes, "second ping");
  }

  @Test
  void aHugeLengthIsRefusedBeforeMemoryIsTaken() throws IOException {
    ByteBuf bytes = bytes(new Frame.Ping(1));
    bytes.setInt(4, FrameLimits.BODY_BYTES_MAX + 1);
    EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(false));
    assertThatThrownBy(() -> channel.writeInbound(bytes))
        .isInstanceOf(BadFrameException.class)
        .hasMessageContaining("length");
    channel.finishAndReleaseAll();
  }

  @Test
  void largeFramesAreCountedUntilTheyAreWholeOrGone() {
    LargeFrames two = new LargeFrames(2);
    EmbeddedChannel first = new EmbeddedChannel(new FrameDecoder(false, two));
    EmbeddedChannel second = new EmbeddedChannel(new FrameDecoder(false, two));
    for (EmbeddedChannel channel : List.of(first, second)) {
      assertThat(channel.writeInbound(helloHead(FrameLimits.BODY_BYTES_MAX))).isFalse();
      assertThat(channel.writeInbound(Unpooled.buffer().writeByte(1))).isFalse();
    }
    EmbeddedChannel small = new EmbeddedChannel(new FrameDecoder(false, two));
    small.writeInbound(helloHead(FrameLimits.LARGE_BYTES));
    EmbeddedChannel third = new EmbeddedChannel(new FrameDecoder(false, two));
    assertThatThrownBy(() -> third.writeInbound(helloHead(FrameLimits.LARGE_BYTES + 1)))
        .isInstanceOf(BadFrameException.class)
        .hasMessageContaining("many others");
    second.finishAndReleaseAll();
    EmbeddedChannel fourth = new EmbeddedChannel(new FrameDecoder(false, two));
    fourth.writeInbound(helloHead(FrameLimits.LARGE_BYTES + 1));
    for (EmbeddedChannel channel : List.of(first, small, third, fourth)) {
      channel.finishAndReleaseAll();
    }
  }

  private static ByteBuf helloHead(int lengthBytes) {
    return Unpooled.buffer().writeInt(1 << 24).writeInt(lengthBytes).writeInt(0);
  }

  @Test
  void impossibleValuesAreRefusedAlthoughTheChecksumIsRight() {
    List<Frame> impossible =
        List.of(
            new Frame.Chunk(9, 0, FrameLimits.CHUNK_BYTES_MAX + 1, 0),
            new Frame.Chunk(9, -1, 5, 0),
            packed(FrameLimits.PACKED_CONTENT_BYTES_MAX + 1, Compression.LZ4, 5),
            packed(100, Compression.NONE, 5),
            packed(100, Compression.LZ4, 100),
            packed(100, Compression.LZ4, 0),
            packed(100, Compression.LZ4, -1),
            new Frame.FileBegin(5, 5, 1, 10, 0),
            new Frame.FileBegin(5, 9, 1, -10, 0),
            new Frame.Passed(-2, 9, 1));
    for (Frame frame : impossible) {
      EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(false));
      assertThatThrownBy(() -> channel.writeInbound(bytes(frame)))
          .as(frame.toString())
          .isInstanceOf(BadFrameException.class);
      channel.finishAndReleaseAll();
    }
  }

  private static Frame packed(int lengthBytes, Compression compression, int packedBytes) {
    return new Frame.Packed(new Frame.Chunk(9, 0, lengthBytes, 0), compression, packedBytes);
  }

  @Test
  void ofVeryManyConflictsAsManyAreToldAsAFrameHolds() throws IOException {
    List<SeriesConflict> many = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      many.add(new SeriesConflict("root.a." + "d".repeat(i % 3_000), "s" + i, "x".repeat(9_000)));
    }
    EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(false));
    channel.writeInbound(bytes(new Frame.Conflict(7, many)));
    Frame.Conflict read = channel.readInbound();
    assertThat(read.series()).hasSizeGreaterThan(50);
    assertThat(read.series().get(9).measurement()).isEqualTo("s9");
    assertThat(read.series().get(9).reason()).hasSize(503);
    channel.finishAndReleaseAll();
  }

  @Test
  void otherProtocolsAreTold() {
    EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(true));
    ByteBuf thriftFrame = Unpooled.buffer().writeInt(80).writeInt(0x80010001);
    assertThat(Opening.startsWith(thriftFrame)).isFalse();
    assertThatThrownBy(() -> channel.writeInbound(thriftFrame))
        .isInstanceOf(BadFrameException.class);
    channel.finishAndReleaseAll();
  }

  @Test
  void theMagicCannotBeTheLengthOfAThriftFrame() {
    assertThat(Opening.MAGIC).isGreaterThan(512 << 20);
  }

  private static SecretBytes secret(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return SecretBytes.of(bytes);
  }

  private static ByteBuf bytes(Frame frame) throws IOException {
    ByteBuf out = Unpooled.buffer();
    FrameEncoder.write(frame, out);
    return out;
  }

  private static void assertNothingRead(ByteBuf bytes, String what) {
    EmbeddedChannel channel = new EmbeddedChannel(new FrameDecoder(false));
    try {
      channel.writeInbound(bytes);
    } catch (BadFrameException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
    Object read = channel.readInbound();
    assertThat(read).as(what).isNull();
    channel.finishAndReleaseAll();
  }
}
