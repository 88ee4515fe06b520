package io.sluice.datanode.statement;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesSpec;
import java.util.Arrays;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.file.metadata.enums.CompressionType;
import org.apache.tsfile.file.metadata.enums.TSEncoding;

/** Checks how a series is to be stored and fills in what is not said. */
public final class SeriesDefinitions {
  private final DefaultStorage storage;

  SeriesDefinitions(DefaultStorage storage) {
    this.storage = storage;
  }

  /** From names as SQL has them; null encoding or compressor for the default. */
  SeriesInfo ofNames(
      String device,
      boolean aligned,
      String measurement,
      String dataType,
      String encoding,
      String compressor)
      throws StatusException {
    return of(
        device,
        aligned,
        measurement,
        named(TSDataType.values(), dataType, "datatype"),
        encoding == null ? null : named(TSEncoding.values(), encoding, "encoding"),
        compressor == null ? null : named(CompressionType.values(), compressor, "compression"));
  }

  /** From numbers as client calls have them. */
  public SeriesInfo ofNumbers(
      String device,
      boolean aligned,
      String measurement,
      int dataType,
      int encoding,
      int compression)
      throws StatusException {
    return of(
        LegalPath.of(device),
        aligned,
        LegalPath.measurement(measurement),
        type(dataType),
        Arrays.stream(TSEncoding.values())
            .filter(one -> one.serialize() == encoding)
            .findFirst()
            .orElseThrow(() -> unknown("encoding", String.valueOf(encoding))),
        Arrays.stream(CompressionType.values())
            .filter(one -> one.serialize() == compression)
            .findFirst()
            .orElseThrow(() -> unknown("compression", String.valueOf(compression))));
  }

  /**
   * The type of a number on the wire.
   *
   * @throws StatusException when no points of it can be stored
   */
  public TSDataType type(int number) throws StatusException {
    for (TSDataType type : TSDataType.values()) {
      if (type.getType() == number && storage.stores(type)) {
        return type;
      }
    }
    throw unknown("datatype", String.valueOf(number));
  }

  private SeriesInfo of(
      String device,
      boolean aligned,
      String measurement,
      TSDataType type,
      TSEncoding encoding,
      CompressionType compression)
      throws StatusException {
    if (!storage.stores(type)) {
      throw unknown("datatype", type.name());
    }
    SeriesSpec byDefault = storage.spec(measurement, type);
    TSEncoding used = encoding == null ? byDefault.encoding() : encoding;
    if (!TSEncoding.isSupported(type, used)) {
      throw new StatusException(
          StatusCode.METADATA_ERROR, "encoding %s does not support %s".formatted(used, type));
    }
    CompressionType packed = compression == null ? byDefault.compression() : compression;
    return new SeriesInfo(device, aligned, new SeriesSpec(measurement, type, used, packed));
  }

  private static <E extends Enum<E>> E named(E[] all, String name, String what)
      throws StatusException {
    for (E one : all) {
      if (one.name().equalsIgnoreCase(name)) {
        return one;
      }
    }
    throw unknown(what, name);
  }

  private static StatusException unknown(String what, String name) {
    return new StatusException(StatusCode.SEMANTIC_ERROR, "Unsupported " + what + ": " + name);
  }
}
