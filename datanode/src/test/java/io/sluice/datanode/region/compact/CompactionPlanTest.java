package io.sluice.datanode.region.compact;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Route;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.RegionView.Hidden;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.entry.LogEntry.Compact;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bugs put back and seen here: a run across a pipe's position, one across a deletion that a pipe
 * has not sent, an order that saves no file, two tiny files as the best merge among many.
 */
class CompactionPlanTest {
  private static final long MB = 1 << 20;
  private static final int MANY = CompactionPlan.MANY_FILES;
  private static final Route ELSEWHERE = Route.of(new UUID(7, 7));

  private static SealedFile file(long end, long bytes, boolean loaded) {
    Path path = Path.of(end + ".tsfile");
    return new SealedFile(
        end - 1, end, path, bytes, 1, new TimeRange(end, end), loaded ? ELSEWHERE : Route.HERE);
  }

  /** Files that end at 10, 20, 30, ... */
  private static RegionImage image(long... megabytes) {
    RegionImage image = RegionImage.EMPTY;
    for (int i = 0; i < megabytes.length; i++) {
      image = image.replay(new Change.FileAdded(file(10L * (i + 1), megabytes[i] * MB, false)));
    }
    return image.replay(new Change.Advanced(1, 10L * megabytes.length, 0));
  }

  private static RegionImage equalFiles(int count) {
    long[] sizes = new long[count];
    java.util.Arrays.fill(sizes, 1);
    return image(sizes);
  }

  private static Optional<Compact> plan(RegionImage image, PipeFloor... floors) {
    return CompactionPlan.next(image, List.of(floors), Long.MAX_VALUE, file -> false);
  }

  @Test
  void eightOfOneSizeBecomeOne() {
    assertThat(plan(equalFiles(7))).isEmpty();
    assertThat(plan(equalFiles(8))).contains(new Compact(RegionImage.NOTHING, 80, true));
  }

  @Test
  void aLargeFileWaitsForAsMuchAgain() {
    assertThat(plan(image(10, 1, 1, 1, 1, 1, 1, 1))).isEmpty();
    assertThat(plan(image(10, 1, 1, 1, 1, 1, 1, 1, 1))).contains(new Compact(10, 90, true));
    assertThat(plan(image(8, 1, 1, 1, 1, 1, 1, 1, 1)))
        .contains(new Compact(RegionImage.NOTHING, 90, true));
    assertThat(plan(image(60, 60, 60, 60, 60, 60, 60, 60))).isEmpty();
  }

  @Test
  void whatAPipeHasSentAndWhatItHasNotStayApart() {
    assertThat(plan(equalFiles(14), new PipeFloor(70, 70, true))).isEmpty();
    assertThat(plan(equalFiles(17), new PipeFloor(90, 90, true)))
        .contains(new Compact(RegionImage.NOTHING, 90, true));
    assertThat(plan(equalFiles(17), new PipeFloor(90, 90, true), new PipeFloor(50, 50, true)))
        .isEmpty();
    assertThat(plan(equalFiles(MANY), new PipeFloor(50, 50, true)))
        .contains(new Compact(50, MANY * 10, true));
    assertThat(plan(equalFiles(MANY), new PipeFloor(MANY * 10 - 50, MANY * 10 - 50, true)))
        .contains(new Compact(RegionImage.NOTHING, MANY * 10 - 50, true));
  }

  @Test
  void belowManyFilesWhatSomePipeHasNotSentIsLeftAlone() {
    assertThat(plan(equalFiles(MANY - 1), new PipeFloor(0, 0, true))).isEmpty();
    assertThat(plan(equalFiles(MANY), new PipeFloor(0, 0, true)))
        .contains(new Compact(RegionImage.NOTHING, MANY * 10, true));
  }

  @Test
  void whatATransferHasBegunWithStays() {
    assertThat(plan(equalFiles(MANY), new PipeFloor(0, MANY * 10 - 80, true)))
        .contains(new Compact(MANY * 10 - 80, MANY * 10, true));
  }

  @Test
  void aPipeWithoutDeletionsGetsWhatItHasNotSentAsItWasWritten() {
    PipeFloor away = new PipeFloor(0, 0, false);
    assertThat(plan(equalFiles(MANY), away))
        .contains(new Compact(RegionImage.NOTHING, MANY * 10, false));
    Change deletion =
        new Change.PointsHidden("root.x.d", List.of("s"), new Hidden(TimeRange.ALL, 85));
    RegionImage deleted = equalFiles(MANY).replay(deletion);
    assertThat(plan(deleted, away)).contains(new Compact(80, MANY * 10, false));
    assertThat(plan(deleted, new PipeFloor(MANY * 10, MANY * 10, false)))
        .contains(new Compact(RegionImage.NOTHING, MANY * 10, true));
  }

  /**
   * Its piece would say that everything before it is sent, and what is older would stand in a file
   * that ends behind it. Seen to fail with such files taken together.
   */
  @Test
  void whatADeletionIsStillSentBetweenStaysApart() {
    Change deletion =
        new Change.PointsHidden("root.x.d", List.of("s"), new Hidden(TimeRange.ALL, 85));
    RegionImage deleted = equalFiles(MANY).replay(deletion);
    assertThat(plan(deleted, new PipeFloor(0, 0, true))).contains(new Compact(80, MANY * 10, true));
  }

  @Test
  void filesOfManyRoutesAreNotOrderedAgainAndAgain() {
    RegionImage image = RegionImage.EMPTY;
    for (int i = 1; i < MANY; i++) {
      SealedFile file = file(10L * i, MB, true);
      image = image.replay(new Change.FileAdded(from(Route.of(new UUID(8, i % 16)), file)));
    }
    image = image.replay(new Change.Advanced(1, 10L * MANY, 0));
    for (Optional<Compact> next = plan(image); next.isPresent(); next = plan(image)) {
      FileMerge merge = FileMerge.of(1_000, next.get(), image);
      assertThat(merge).isNotNull();
      image = image.replay(merged(merge));
    }
    assertThat(image.files()).hasSizeBetween(16, 32);
  }

  private static SealedFile from(Route route, SealedFile file) {
    return new SealedFile(
        file.start(),
        file.end(),
        file.path(),
        file.lengthBytes(),
        file.crc32c(),
        file.times(),
        route);
  }

  @Test
  void aLoadedFileThatAPeerMayAskForIsLeftAlone() {
    RegionImage image = RegionImage.EMPTY;
    for (int i = 1; i <= 10; i++) {
      image = image.replay(new Change.FileAdded(file(10 * i, MB, true)));
    }
    image = image.replay(new Change.Advanced(1, 100, 0));
    assertThat(CompactionPlan.next(image, List.of(), 79, file -> false)).isEmpty();
    assertThat(CompactionPlan.next(image, List.of(), 80, file -> false))
        .contains(new Compact(RegionImage.NOTHING, 80, true));
  }

  @Test
  void filesThatCannotBeMergedAreLeftAlone() {
    assertThat(CompactionPlan.next(equalFiles(16), List.of(), 1_000, file -> file.end() == 80))
        .contains(new Compact(80, 160, true));
  }

  @Test
  void amongManyWhateverCostsLeast() {
    long[] sizes = new long[MANY];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = i % 2 == 0 ? 100 : 3 + Math.abs(i - 21);
    }
    sizes[22] = 5;
    assertThat(plan(image(sizes))).contains(new Compact(210, 240, true));
  }

  /**
   * A file every second for twelve hours, merges that take effect up to twelve files late, pipes
   * that run, rest, and lose their receivers.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aTrickleStaysBelowSixtyFourFiles(long seed) {
    Random random = new Random(seed);
    int pipes = random.nextInt(4);
    long[] positions = new long[pipes];
    boolean[] away = new boolean[pipes];
    RegionImage image = RegionImage.EMPTY;
    Deque<Compact> ordered = new ArrayDeque<>();
    long index = 0;
    long writtenBytes = 0;
    long rewrittenBytes = 0;
    int most = 0;
    int filesUntilDone = 1;
    for (int second = 0; second < 43_200; second++) {
      index += 1 + random.nextInt(5);
      boolean loaded = seed % 2 == 0 && random.nextInt(3) == 0;
      long bytes = 400 + random.nextInt(2_000);
      writtenBytes += bytes;
      image =
          image.replay(
              List.of(
                  new Change.FileAdded(file(index, bytes, loaded)),
                  new Change.Advanced(1, index, index)));
      List<PipeFloor> floors = new ArrayList<>();
      for (int i = 0; i < pipes; i++) {
        away[i] ^= random.nextInt(3_000) == 0;
        long end = image.firstFileAfter(positions[i]).map(SealedFile::end).orElse(0L);
        positions[i] = away[i] || end == 0 ? positions[i] : end;
        floors.add(new PipeFloor(positions[i], end == 0 ? positions[i] : end, i % 2 == 0));
      }
      if (ordered.isEmpty()) {
        CompactionPlan.next(image, floors, index, file -> false).ifPresent(ordered::add);
      } else if (--filesUntilDone <= 0) {
        filesUntilDone = 1 + random.nextInt(12);
        FileMerge merge = FileMerge.of(index, ordered.remove(), image);
        assertThat(merge).isNotNull();
        rewrittenBytes += merge.inputs().stream().mapToLong(SealedFile::lengthBytes).sum();
        image = image.replay(merged(merge));
      }
      most = Math.max(most, image.files().size());
    }
    assertThat(most).isLessThanOrEqualTo(64);
    assertThat(rewrittenBytes / writtenBytes).as("times a byte is rewritten").isLessThan(40);
  }

  private static Change merged(FileMerge merge) {
    List<SealedFile> made = new ArrayList<>();
    for (int i = 0; i < merge.outputs().size(); i++) {
      FileMerge.Output output = merge.outputs().get(i);
      int number = i;
      long bytes =
          merge.inputs().stream()
              .filter(input -> merge.outputOf(input) == number)
              .mapToLong(SealedFile::lengthBytes)
              .sum();
      made.add(from(output.route(), file(output.end(), bytes, false)));
    }
    return new Change.FilesMerged(merge.inputs().stream().map(SealedFile::end).toList(), made);
  }
}
