package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.common.sync.Compression;
import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.FrameEncoder;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.frame.Refusal;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What senders may make a receiver hold, however many and however odd they are. */
@Timeout(300)
class ReceiverBoundsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int CONNECTIONS = 1_000;
  private static final int HELLO = 0x01;
  private static final int NOTICE = 0x06;

  @TempDir Path folder;
  private final FakeTargetCluster cluster = new FakeTargetCluster(1);
  private final List<AutoCloseable> toClose = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (int i = toClose.size() - 1; i >= 0; i--) {
      toClose.get(i).close();
    }
  }

  private ReceiverServer receiver(int connectionsMax, long silenceMsMax) throws Exception {
    SyncReceiverOptions options =
        new SyncReceiverOptions(connectionsMax, 1L << 30, 2, silenceMsMax, 50, 3_000);
    ReceiverServer server =
        new ReceiverServer(options, "127.0.0.1", folder.resolve("staging"), cluster);
    toClose.add(server);
    return server;
  }

  private RawSender greeted(ReceiverServer server) throws Exception {
    RawSender sender = new RawSender(server.port()).opening(Opening.OURS);
    toClose.add(sender);
    assertThat(sender.hear()).isInstanceOf(Frame.Greeting.class);
    return sender;
  }

  private RawSender welcomed(ReceiverServer server) throws Exception {
    Source source = new Source(UUID.randomUUID(), UUID.randomUUID());
    Lineage lineage = Lineage.EMPTY.with(1, 77);
    RawSender sender =
        greeted(server)
            .say(new Frame.Hello(source, "p", 3, 5, "root.a", 0, false, 1, lineage, 100));
    assertThat(sender.hear()).isInstanceOf(Frame.Welcome.class);
    return sender;
  }

  /** The head of a frame whose body does not come; the first twelve bytes are all that counts. */
  private static ByteBuf head(int type, int lengthBytes) {
    return Unpooled.buffer().writeInt(type << 24).writeInt(lengthBytes).writeInt(0);
  }

  private static void assertRefused(RawSender sender, Refusal code, String part) throws Exception {
    assertThat(sender.hear())
        .isInstanceOfSatisfying(
            Frame.Refused.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(code);
              assertThat(refused.text()).contains(part);
            });
    assertThat(sender.hear()).as("closed after it").isNull();
  }

  @Test
  void aThousandHalfOpenOnesLeaveRoomForNobodyElseAndAreForgotten() throws Exception {
    ReceiverServer server = receiver(CONNECTIONS, 60_000);
    List<RawSender> halfOpen = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      halfOpen.add(greeted(server).raw(head(NOTICE, 60_000)));
    }
    RawSender late = new RawSender(server.port()).opening(Opening.OURS);
    assertRefused(late, Refusal.TOO_MANY_CONNECTIONS, "1000 senders are connected");
    for (RawSender sender : halfOpen) {
      sender.close();
    }
    await().atMost(PATIENCE).until(() -> server.receiver().connections() == 0);
    welcomed(server);
  }

  /** Each may be 1 MiB, and is held until it is whole. */
  @Test
  void onlySoManyLargeFramesArriveAtOnce() throws Exception {
    ReceiverServer server = receiver(100, 20_000);
    List<RawSender> large = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      large.add(greeted(server).raw(head(HELLO, 1 << 20)));
    }
    assertRefused(greeted(server).raw(head(HELLO, 1 << 20)), Refusal.PROTOCOL, "while many others");
    welcomed(server);
    large.get(0).close();
    await()
        .atMost(PATIENCE)
        .until(() -> greeted(server).raw(head(HELLO, 1 << 20)).hearsNothingFor(300));
  }

  @Test
  void aHugeDeclaredLengthEndsTheConnectionAtOnce() throws Exception {
    ReceiverServer server = receiver(100, 20_000);
    for (int type : new int[] {HELLO, NOTICE, 0x03, 0x09}) {
      assertRefused(greeted(server).raw(head(type, Integer.MAX_VALUE)), Refusal.PROTOCOL, "length");
      assertRefused(greeted(server).raw(head(type, -1)), Refusal.PROTOCOL, "length");
    }
    assertRefused(greeted(server).raw(head(NOTICE, 1 << 20)), Refusal.PROTOCOL, "length");
  }

  /** Each byte is a sign of life, but not of a handshake. */
  @Test
  void whoDripsAByteNowAndThenMustShakeHandsInTime() throws Exception {
    ReceiverServer server = receiver(100, 2_000);
    RawSender sender = greeted(server);
    ByteBuf slow = head(HELLO, 1_000).writeZero(1_000);
    await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              try {
                sender.raw(slow.readSlice(1));
              } catch (IOException e) {
                return true; // closed already: the refusal is waiting to be read
              }
              return server.receiver().connections() == 0;
            });
    assertThat(slow.readerIndex()).isLessThan(100);
  }

  /**
   * Each ping is answered: a sender that asks and does not read would fill the receiver's memory.
   */
  @Test
  void whoDoesNotReadIsNotListenedToAndEnds() throws Exception {
    ReceiverServer server = receiver(100, 3_000);
    RawSender deaf = welcomed(server);
    ByteBuf pings = Unpooled.buffer();
    for (int i = 0; i < 1_000; i++) {
      FrameEncoder.write(new Frame.Ping(i), pings);
    }
    long saidBytes = 0;
    long enoughBytes = 200L << 20;
    try {
      while (saidBytes < enoughBytes) {
        deaf.raw(pings.duplicate());
        saidBytes += pings.readableBytes();
      }
    } catch (IOException e) {
      assertThat(e).as("the receiver closed").isNotNull();
    }
    assertThat(saidBytes).isLessThan(enoughBytes);
    await().atMost(PATIENCE).until(() -> server.receiver().connections() == 0);
    welcomed(server);
  }

  /** Each file that is being received is two open files here. */
  @Test
  void ofManyAnnouncedFilesOnlySomeAreOpened() throws Exception {
    ReceiverServer server = receiver(100, 20_000);
    RawSender sender = welcomed(server);
    for (int i = 0; i < 100; i++) {
      sender.say(new Frame.FileBegin(i, i + 1, 77, 10, i));
    }
    for (int i = 0; i < 32; i++) {
      assertThat(sender.hear()).isEqualTo(new Frame.FileAccept(i + 1, 0));
    }
    assertThat(sender.hearsNothingFor(500)).isTrue();
    assertThat(server.receiver().stagingBytes()).isEqualTo(320);
  }

  @Test
  void moreAnnouncedRangesThanASenderHasAreRefused() throws Exception {
    RawSender sender = welcomed(receiver(100, 20_000));
    sender.say(new Frame.FileBegin(0, 1, 77, 10, 0));
    sender.hear();
    for (int i = 1; i <= 1_000; i++) {
      sender.say(new Frame.Passed(i, i + 1, 77));
    }
    assertRefused(sender, Refusal.PROTOCOL, "1000 ranges");
  }

  @Test
  void packedContentThatDoesNotUnpackIsRefusedAndNothingIsWritten() throws Exception {
    ReceiverServer server = receiver(100, 20_000);
    RawSender sender = welcomed(server).say(new Frame.FileBegin(0, 5, 77, 60_000, 0));
    assertThat(sender.hear()).isEqualTo(new Frame.FileAccept(5, 0));
    sender.say(new Frame.Packed(new Frame.Chunk(5, 0, 60_000, 0), Compression.ZSTD, 3));
    sender.raw(Unpooled.wrappedBuffer(new byte[] {1, 2, 3}));
    assertRefused(sender, Refusal.CHECKSUM, "chunk of 5");
    RawSender again = welcomed(server).say(new Frame.FileBegin(0, 5, 77, 60_000, 0));
    assertThat(again.hear()).isEqualTo(new Frame.FileAccept(5, 0));
  }
}
