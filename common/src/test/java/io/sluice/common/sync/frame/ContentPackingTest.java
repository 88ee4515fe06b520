package io.sluice.common.sync.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.common.sync.Compression;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ContentPackingTest {
  private static final int LENGTH = FrameLimits.PACKED_CONTENT_BYTES_MAX;

  private static ByteBuffer content(Random random, int kinds) {
    ByteBuffer content = ByteBuffer.allocateDirect(LENGTH);
    while (content.hasRemaining()) {
      content.put((byte) random.nextInt(kinds));
    }
    return content.flip();
  }

  private static ByteBuf packed(Compression how, ByteBuffer content) {
    ByteBuf out = Unpooled.directBuffer(LENGTH, LENGTH).writeByte(7);
    assertThat(ContentPacking.pack(how, content, out)).isTrue();
    assertThat(out.readByte()).isEqualTo((byte) 7);
    return out;
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatWasPackedComesOutAsItWas(Compression how) {
    ByteBuffer content = content(new Random(1), 4);
    ByteBuf packed = packed(how, content);
    assertThat(packed.readableBytes()).isLessThan(LENGTH);
    assertThat(content.remaining()).isEqualTo(LENGTH);
    ByteBuf out = Unpooled.directBuffer(LENGTH + 1).writeByte(7);
    ContentPacking.unpack(how, packed, LENGTH, out);
    assertThat(out.readByte()).isEqualTo((byte) 7);
    assertThat(ByteBufUtil.equals(out, Unpooled.wrappedBuffer(content))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatDoesNotGetSmallerIsLeftAsItIs(Compression how) {
    ByteBuf out = Unpooled.directBuffer(LENGTH - 1, LENGTH - 1);
    assertThat(ContentPacking.pack(how, content(new Random(2), 256), out)).isFalse();
    assertThat(out.readableBytes()).isZero();
  }

  /** A bomb, a cut, another length, noise: an error, never a byte outside the buffer. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void whatIsNotWhatItSaysIsRefused(Compression how) {
    Random random = new Random(3);
    ByteBuf packed = packed(how, content(random, 4));
    for (int length : new int[] {1, 1_000, LENGTH - 1}) {
      assertRefused(how, packed, length);
    }
    assertRefused(how, packed.slice(packed.readerIndex(), packed.readableBytes() / 2), LENGTH);
    for (int i = 0; i < 500; i++) {
      byte[] noise = new byte[1 + random.nextInt(200)];
      random.nextBytes(noise);
      assertRefused(how, Unpooled.directBuffer().writeBytes(noise), LENGTH);
    }
  }

  private static void assertRefused(Compression how, ByteBuf packed, int lengthBytes) {
    ByteBuf out = Unpooled.directBuffer(LENGTH, LENGTH);
    assertThatThrownBy(() -> ContentPacking.unpack(how, packed, lengthBytes, out))
        .isInstanceOf(BadFrameException.class);
    assertThat(out.readableBytes()).isZero();
  }
}
