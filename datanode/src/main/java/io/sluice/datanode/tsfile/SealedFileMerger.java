package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Makes fewer files of several, with the same points. */
public interface SealedFileMerger {
  /**
   * One file to merge.
   *
   * @param hidden ranges to leave out of a series of this file; empty for none
   * @param target number of the file that gets the points this one wins
   */
  record Input(FileKey file, Function<SeriesKey, List<TimeRange>> hidden, int target) {}

  /** The merge was called off; nothing is left of it. */
  final class CalledOffException extends IOException {
    private static final long serialVersionUID = 1L;

    public CalledOffException() {
      super("the merge was called off");
    }
  }

  /**
   * Writes what is left of the inputs' points; of two at one time that of the later input wins.
   * Inputs are compared with their checksums first, targets are fsynced with their folder entries.
   *
   * @param inputs oldest first
   * @param targets none of which may exist
   * @param schema how a series is to be written; empty: as the newest input has it
   * @param goOn asked now and then
   * @return what became of each target: empty, and no file, where nothing is left
   * @throws DamagedFileException when an input is not the file its key says
   * @throws CalledOffException when {@code goOn} said no
   * @throws IOException when it could not be done; no target is left
   */
  List<Optional<SealedFileWriter.Facts>> merge(
      List<Input> inputs,
      List<Path> targets,
      Function<SeriesKey, Optional<SeriesInfo>> schema,
      BooleanSupplier goOn)
      throws IOException;
}
