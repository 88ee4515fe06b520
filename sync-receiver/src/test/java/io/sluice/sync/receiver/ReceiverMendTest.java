package io.sluice.sync.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Lineage;
import io.sluice.common.sync.Source;
import io.sluice.common.sync.digest.TimeSpan;
import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Opening;
import io.sluice.common.sync.mend.Mended;
import io.sluice.common.sync.mend.RottenFile;
import io.sluice.common.sync.mend.RowsPart;
import io.sluice.sync.receiver.port.FakeTargetCluster;
import io.sluice.sync.receiver.port.RottenFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How rows for a receiver's rotten file are taken in. */
class ReceiverMendTest {
  private static final String ROWS = "the rows of one region";

  @TempDir Path folder;
  private final FakeTargetCluster cluster = new FakeTargetCluster(2);
  private final Source source = new Source(UUID.randomUUID(), UUID.randomUUID());
  private final Frame.Asker asker = new Frame.Asker(source, 1, "root.a");
  private final RottenFile rotten =
      new RottenFile(UUID.randomUUID(), 7, 100, 5, new TimeSpan(0, 9));
  private final List<String> brought = new CopyOnWriteArrayList<>();
  private final List<Mended> answers = new ArrayList<>();
  private ReceiverServer server;

  @BeforeEach
  void start() throws Exception {
    cluster.answerRotten(new Bringing());
    server =
        new ReceiverServer(
            SyncReceiverOptions.DEFAULT, "127.0.0.1", folder.resolve("staging"), cluster);
    Lineage lineage = Lineage.EMPTY.with(1, 77);
    RawSender sender =
        opened().say(new Frame.Hello(source, "p", 1, 5, "root.a", 0, false, 1, lineage, 100));
    assertThat(sender.hear()).isInstanceOf(Frame.Welcome.class);
    sender.close();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Answers what it is made to; takes down what is brought. */
  private final class Bringing implements RottenFiles {
    @Override
    public List<RottenFile> of(UUID origin, String database) {
      return origin.equals(source.clusterId()) ? List.of(rotten) : List.of();
    }

    @Override
    public Path scratch() {
      return folder.resolve("rows-" + UUID.randomUUID());
    }

    @Override
    public Mended mend(
        String database, RottenFile file, Source from, Path rows, long sentFromMs, boolean again) {
      try {
        String text = rows == null ? "none" : Files.readString(rows);
        brought.add(text + " from " + sentFromMs + (again ? " again" : ""));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return answers.isEmpty() ? new Mended(Mended.State.DONE, "done") : answers.remove(0);
    }
  }

  private RawSender opened() throws Exception {
    RawSender sender = new RawSender(server.port()).opening(Opening.OURS);
    assertThat(sender.hear()).isInstanceOf(Frame.Greeting.class);
    return sender;
  }

  private Frame.Mend part(int from, int to, int crc32c) {
    byte[] all = ROWS.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.wrap(all, from, to - from).slice();
    return new Frame.Mend(asker, rotten, new RowsPart(all.length, crc32c, 3, from, bytes));
  }

  private static int crc() {
    CRC32C crc = new CRC32C();
    crc.update(ROWS.getBytes(StandardCharsets.US_ASCII));
    return (int) crc.getValue();
  }

  private List<Path> scratch() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("rows-")).toList();
    }
  }

  @Test
  void rowsComeInPartsAndTheLastOneIsAskedForAgainWhileTheReceiverIsAtWork() throws Exception {
    RawSender sender = opened().say(new Frame.RottenWanted(asker));
    assertThat(sender.hear()).isEqualTo(new Frame.Rotten(List.of(rotten)));
    sender.say(part(0, 9, crc()));
    assertThat(sender.hear()).isEqualTo(new Frame.MendAnswer(Mended.MORE));
    answers.add(new Mended(Mended.State.WORKS, ""));
    sender.say(part(9, ROWS.length(), crc()));
    // WAIT is passed over by whoever hears.
    sender.say(part(9, ROWS.length(), crc()));
    assertThat(sender.hear())
        .isEqualTo(new Frame.MendAnswer(new Mended(Mended.State.DONE, "done")));
    assertThat(brought).containsExactly(ROWS + " from 3", ROWS + " from 3 again");
    assertThat(scratch()).isEmpty();

    sender.say(new Frame.Mend(asker, rotten, new RowsPart(0, 0, 4, 0, ByteBuffer.allocate(0))));
    assertThat(sender.hear()).isInstanceOf(Frame.MendAnswer.class);
    assertThat(brought).last().isEqualTo("none from 4");
    sender.close();
  }

  @Test
  void whatDoesNotFitEndsTheConnectionAndLeavesNothing() throws Exception {
    RawSender gap = opened().say(part(0, 9, crc()));
    assertThat(gap.hear()).isInstanceOf(Frame.MendAnswer.class);
    gap.say(part(10, 12, crc()));
    assertThat(gap.hear()).isInstanceOf(Frame.Refused.class);
    RawSender wrong = opened().say(part(0, ROWS.length(), crc() + 1));
    assertThat(wrong.hear()).isInstanceOf(Frame.Refused.class);
    assertThat(brought).isEmpty();
    assertThat(scratch()).isEmpty();
    gap.close();
    wrong.close();
  }

  @Test
  void aSourceThatNeverFedHereBringsNothing() throws Exception {
    Source other = new Source(source.clusterId(), UUID.randomUUID());
    RawSender sender = opened().say(new Frame.RottenWanted(new Frame.Asker(other, 1, "root.a")));
    assertThat(sender.hear()).isInstanceOf(Frame.Refused.class);
    sender.close();
  }
}
