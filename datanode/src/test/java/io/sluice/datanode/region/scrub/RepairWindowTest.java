package io.sluice.datanode.region.scrub;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.sync.Route;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.SealedFile;
import io.sluice.datanode.region.image.Change;
import io.sluice.datanode.region.image.RegionImage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Seen to fail with a window that does not grow, and with one that looks at our files only. */
class RepairWindowTest {
  private static final Route ELSEWHERE = Route.of(new UUID(7, 7));

  private static SealedFile file(long start, long end, int crc32c, Route route) {
    Path path = Path.of("f" + end + "-" + crc32c);
    return new SealedFile(start, end, path, 10, crc32c, new TimeRange(0, 1), route);
  }

  private static SealedFile file(long start, long end) {
    return file(start, end, (int) (start * 1_000 + end), Route.HERE);
  }

  private static RegionImage image(long index, SealedFile... files) {
    RegionImage image = RegionImage.EMPTY.replay(new Change.Advanced(1, index, index));
    for (SealedFile file : files) {
      image = image.replay(new Change.FileAdded(file));
    }
    return image;
  }

  private static Optional<RepairWindow> window(
      SealedFile rotten, RegionImage here, RegionImage there) {
    return RepairWindow.of(rotten, here, there, file -> false);
  }

  @Test
  void theSameFileOfAPeerTakesItsPlaceAlone() {
    SealedFile rotten = file(5, 9);
    RegionImage same = image(20, file(-1, 5), rotten, file(9, 20));
    RepairWindow window = window(rotten, same, same).orElseThrow();
    assertThat(window.ours()).containsExactly(rotten);
    assertThat(window.theirs()).containsExactly(rotten);
  }

  @Test
  void whatThePeerHasMergedTakesThePlaceOfAllThatItHolds() {
    SealedFile rotten = file(5, 9);
    SealedFile merged = file(-1, 20);
    RegionImage here = image(30, file(-1, 5), rotten, file(9, 20), file(20, 30));
    RepairWindow window = window(rotten, here, image(30, merged, file(20, 30))).orElseThrow();
    assertThat(window.ours()).extracting(SealedFile::end).containsExactly(5L, 9L, 20L);
    assertThat(window.theirs()).containsExactly(merged);
  }

  @Test
  void whatIsMergedHereComesAsThePeersManyFiles() {
    SealedFile rotten = file(-1, 9);
    RegionImage there = image(30, file(-1, 5), file(5, 9), file(9, 30));
    RepairWindow window = window(rotten, image(30, rotten, file(9, 30)), there).orElseThrow();
    assertThat(window.ours()).containsExactly(rotten);
    assertThat(window.theirs()).extracting(SealedFile::end).containsExactly(5L, 9L);
  }

  @Test
  void rangesThatReachOverEachOtherGoTogetherAndWhatBothHaveStays() {
    SealedFile rotten = file(3, 4, 1, ELSEWHERE);
    SealedFile around = file(-1, 9);
    RegionImage here = image(9, rotten, around);
    RepairWindow same = window(rotten, here, here).orElseThrow();
    assertThat(same.ours()).containsExactly(rotten);
    SealedFile other = file(-1, 9, 77, Route.HERE);
    RepairWindow window = window(rotten, here, image(9, rotten, other)).orElseThrow();
    assertThat(window.ours()).containsExactly(rotten, around);
    assertThat(window.theirs()).containsExactly(rotten, other);
  }

  @Test
  void anotherDamagedFileInTheWindowDoesNotStay() {
    SealedFile rotten = file(3, 4, 1, ELSEWHERE);
    SealedFile around = file(-1, 9);
    RegionImage here = image(9, rotten, around);
    RepairWindow window = RepairWindow.of(rotten, here, here, around::equals).orElseThrow();
    assertThat(window.ours()).containsExactly(rotten, around);
    assertThat(window.theirs()).containsExactly(rotten, around);
  }

  @Test
  void aPeerThatHasNotComeSoFarIsOfNoUse() {
    SealedFile rotten = file(5, 9);
    RegionImage here = image(9, file(-1, 5), rotten);
    assertThat(window(rotten, here, image(5, file(-1, 5)))).isEmpty();
  }

  @Test
  void whatThePeerHasDeletedAltogetherGoes() {
    SealedFile rotten = file(5, 9);
    RepairWindow window =
        window(rotten, image(9, file(-1, 5), rotten), image(9, file(-1, 5))).orElseThrow();
    assertThat(window.ours()).containsExactly(rotten);
    assertThat(window.theirs()).isEmpty();
  }
}
