package io.sluice.datanode.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.datanode.tsfile.ReadCacheOptions;
import io.sluice.datanode.tsfile.SealOptions;
import io.sluice.datanode.tsfile.SealedFileReader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.tsfile.read.common.block.TsBlock;
import org.apache.tsfile.read.common.block.column.TsBlockSerde;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MergedRowsTest {
  @TempDir Path folder;

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  /** Blocks as they arrive from another node: through bytes. */
  private record Remote(RowBlocks rows, int[] closed) implements RowBlocks {
    @Override
    public TsBlock next() throws io.sluice.common.status.StatusException {
      TsBlock block = rows.next();
      if (block == null) {
        return null;
      }
      try {
        TsBlockSerde serde = new TsBlockSerde();
        ByteBuffer bytes = serde.serialize(block);
        return serde.deserialize(bytes);
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      closed[0]++;
      rows.close();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void severalRegionsReadAsOneThatHoldsAllOfThem(long seed) throws Exception {
    Random random = new Random(seed);
    RandomRegion region = new RandomRegion(random, SealOptions.DEFAULT, folder);
    ReadOptions options = new ReadOptions(1 + random.nextInt(100), 1 + random.nextInt(4_000));
    try (SealedFileReader files = new SealedFileReader(ReadCacheOptions.DEFAULT)) {
      MergingRegionReader reader = new MergingRegionReader(files, options);
      for (int i = 0; i < 5; i++) {
        ScanRequest request = MergingRegionReaderTest.request(random, region);
        ScanRequest unlimited =
            new ScanRequest(
                request.columns(), request.types(), request.times(), request.descending(), 0);
        List<List<Object>> expected = MergingRegionReaderTest.expected(region, unlimited);
        int offset = random.nextBoolean() ? 0 : random.nextInt(80);
        expected = expected.subList(Math.min(offset, expected.size()), expected.size());
        if (request.limitRows() > 0) {
          expected = expected.subList(0, (int) Math.min(request.limitRows(), expected.size()));
        }

        int[] closed = new int[1];
        List<MergedRows.Input> inputs = split(random, reader, region, unlimited, closed);
        RowBlocks rows =
            new SlicedRows(
                new MergedRows(inputs, request.types(), request.descending(), options),
                request.limitRows(),
                offset);

        assertThat(MergingRegionReaderTest.rows(rows, request)).isEqualTo(expected);
        assertThat(closed[0]).isEqualTo(inputs.size());
      }
    }
  }

  /** The columns dealt to up to four regions, in any order. */
  private static List<MergedRows.Input> split(
      Random random,
      MergingRegionReader reader,
      RandomRegion region,
      ScanRequest request,
      int[] closed)
      throws Exception {
    int parts = 1 + random.nextInt(4);
    int[] partOf =
        IntStream.range(0, request.columns().size()).map(i -> random.nextInt(parts)).toArray();
    List<MergedRows.Input> inputs = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      int number = part;
      List<Integer> columns =
          IntStream.range(0, partOf.length).filter(i -> partOf[i] == number).boxed().toList();
      if (!columns.isEmpty()) {
        ScanRequest own =
            new ScanRequest(
                columns.stream().map(request.columns()::get).toList(),
                columns.stream().map(request.types()::get).toList(),
                request.times(),
                request.descending(),
                0);
        inputs.add(
            new MergedRows.Input(new Remote(reader.scan(region.view, own), closed), columns));
      }
    }
    return inputs;
  }
}
