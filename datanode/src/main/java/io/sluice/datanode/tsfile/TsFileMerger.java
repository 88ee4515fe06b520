package io.sluice.datanode.tsfile;

import io.sluice.datanode.point.SeriesInfo;
import io.sluice.datanode.point.SeriesKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.tsfile.file.metadata.IDeviceID;

/**
 * Merges TsFiles device by device and series by series. In memory are the index entries of one
 * device, one page per series of it and file where they overlap, and the chunk being made.
 * Thread-safe: it has no state.
 */
public final class TsFileMerger implements SealedFileMerger {
  private final SealOptions options;

  /**
   * @param options how the new chunks are divided
   */
  public TsFileMerger(SealOptions options) {
    this.options = options;
  }

  @Override
  public List<Optional<SealedFileWriter.Facts>> merge(
      List<Input> inputs,
      List<Path> targets,
      Function<SeriesKey, Optional<SeriesInfo>> schema,
      BooleanSupplier goOn)
      throws IOException {
    List<OpenTsFile> open = new ArrayList<>();
    List<NewTsFile> made = new ArrayList<>();
    try {
      for (Input input : inputs) {
        OpenTsFile file = OpenTsFile.open(input.file().path());
        open.add(file);
        file.check(input.file());
        check(goOn);
      }
      for (Path target : targets) {
        made.add(new NewTsFile(target));
      }
      for (Map.Entry<IDeviceID, List<Integer>> device : devices(open).entrySet()) {
        List<DeviceMerge.Source> sources = new ArrayList<>();
        for (int number : device.getValue()) {
          Input input = inputs.get(number);
          sources.add(new DeviceMerge.Source(open.get(number), input.hidden(), input.target()));
        }
        new DeviceMerge(device.getKey(), sources, made, schema, options, () -> check(goOn)).run();
      }
      return commit(made, targets);
    } finally {
      close(open, made);
    }
  }

  private static void check(BooleanSupplier goOn) throws CalledOffException {
    if (!goOn.getAsBoolean()) {
      throw new CalledOffException();
    }
  }

  /** Which files hold a device, by device in ascending order. */
  private static Map<IDeviceID, List<Integer>> devices(List<OpenTsFile> files) throws IOException {
    Map<IDeviceID, List<Integer>> devices = new TreeMap<>();
    for (int i = 0; i < files.size(); i++) {
      for (IDeviceID device : files.get(i).devices()) {
        devices.computeIfAbsent(device, first -> new ArrayList<>()).add(i);
      }
    }
    return devices;
  }

  /** All or none. */
  private static List<Optional<SealedFileWriter.Facts>> commit(
      List<NewTsFile> made, List<Path> targets) throws IOException {
    List<Optional<SealedFileWriter.Facts>> facts = new ArrayList<>();
    try {
      for (NewTsFile file : made) {
        facts.add(file.points() == 0 ? Optional.empty() : Optional.of(file.commit()));
      }
      return facts;
    } catch (IOException | RuntimeException e) {
      for (int i = 0; i < facts.size(); i++) {
        if (facts.get(i).isPresent()) {
          Files.deleteIfExists(targets.get(i));
        }
      }
      throw e;
    }
  }

  private static void close(List<OpenTsFile> open, List<NewTsFile> made) throws IOException {
    IOException failure = null;
    List<AutoCloseable> all = new ArrayList<>(made);
    all.addAll(open);
    for (AutoCloseable part : all) {
      try {
        part.close();
      } catch (Exception e) {
        failure = failure == null ? new IOException("closing files of a merge", e) : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
