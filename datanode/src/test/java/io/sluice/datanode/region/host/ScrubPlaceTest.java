package io.sluice.datanode.region.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.region.scrub.ScrubRound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bytes are those of {@code docs/formats/scrub-place.md}. */
class ScrubPlaceTest {
  private static final ScrubRound ROUND =
      new ScrubRound(
          1_795_410_145_373L,
          false,
          UUID.fromString("0b5e5e0a-8f0c-4f57-9d6e-3c1f7f1f0a11"),
          1_234);

  private static final String GOLDEN =
      """
      sluice-scrub 1
      1795410145373
      under way
      0b5e5e0a-8f0c-4f57-9d6e-3c1f7f1f0a11
      1234
      """;

  @TempDir Path folder;

  @Test
  void isWrittenAsDocumentedAndReadAgain() throws Exception {
    Path file = folder.resolve("place");
    ScrubPlace place = new ScrubPlace(file);
    place.write(ROUND);
    assertThat(file).hasContent(GOLDEN);
    assertThat(place.read(5)).isEqualTo(ROUND);
    place.write(ScrubRound.over(7));
    assertThat(place.read(5)).isEqualTo(ScrubRound.over(7));
  }

  @Test
  void whatMakesNoSenseIsBegunAnew() throws Exception {
    Path file = folder.resolve("place");
    ScrubPlace place = new ScrubPlace(file);
    assertThat(place.read(5)).isEqualTo(ScrubRound.over(5));
    for (String nonsense :
        new String[] {"", "sluice-scrub 2\n1\nover\n-\n1\n", GOLDEN.substring(0, 30)}) {
      Files.writeString(file, nonsense);
      assertThat(place.read(5)).as(nonsense).isEqualTo(ScrubRound.over(5));
    }
  }
}
