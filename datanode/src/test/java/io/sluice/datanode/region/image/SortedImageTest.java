package io.sluice.datanode.region.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedImageTest {
  @Test
  void itIsATreeMapWhoseOldStatesStay() {
    Random random = new Random(42);
    SortedImage<Integer, Integer> image = SortedImage.empty();
    TreeMap<Integer, Integer> model = new TreeMap<>();
    List<SortedImage<Integer, Integer>> images = new ArrayList<>();
    List<Map<Integer, Integer>> models = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      int key = random.nextInt(700);
      if (random.nextInt(3) == 0) {
        image = image.without(key);
        model.remove(key);
      } else {
        image = image.with(key, i);
        model.put(key, i);
      }
      if (i % 250 == 0) {
        images.add(image);
        models.add(new TreeMap<>(model));
      }
    }
    for (int i = 0; i < images.size(); i++) {
      TreeMap<Integer, Integer> seen = new TreeMap<>();
      List<Integer> order = new ArrayList<>();
      images
          .get(i)
          .forEach(
              (key, value) -> {
                seen.put(key, value);
                order.add(key);
              });
      assertThat(seen).isEqualTo(models.get(i));
      assertThat(order).isSorted();
      assertThat(images.get(i).size()).isEqualTo(seen.size());
    }
    for (int key = 0; key < 700; key++) {
      assertThat(image.get(key)).isEqualTo(model.get(key));
    }
  }

  @Test
  void ascendingKeysDoNotMakeItDeep() {
    SortedImage<Integer, Integer> image = SortedImage.empty();
    for (int i = 0; i < 200_000; i++) {
      image = image.with(i, i);
    }
    assertThat(image.size()).isEqualTo(200_000);
    int[] sum = new int[1];
    image.forEach((key, value) -> sum[0]++);
    assertThat(sum[0]).isEqualTo(200_000);
  }
}
