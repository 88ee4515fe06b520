package io.sluice.datanode.read;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.PointBatch;
import io.sluice.datanode.point.SeriesKey;
import java.util.function.Supplier;
import org.apache.tsfile.enums.TSDataType;

/** Which types can be read as each other: those whose points are arrays of the same class. */
final class PointTypes {
  private PointTypes() {}

  /**
   * @param place where the points are, for the error's text
   * @throws StatusException when points of type {@code found} cannot be returned as {@code wanted}
   */
  static void check(SeriesKey series, TSDataType wanted, TSDataType found, Supplier<String> place)
      throws StatusException {
    if (wanted != found
        && PointBatch.newValues(wanted, 0).getClass()
            != PointBatch.newValues(found, 0).getClass()) {
      throw new StatusException(
          StatusCode.INTERNAL_ERROR,
          place.get() + " holds " + series.path() + " as " + found + ", not " + wanted);
    }
  }
}
