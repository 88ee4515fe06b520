package io.sluice.cli.dump;

import io.sluice.cli.csv.CsvWriter;
import io.sluice.cli.server.RefusedException;
import io.sluice.cli.server.ResultRows;
import io.sluice.cli.server.UnreachableException;
import io.sluice.cli.value.TimeText;
import java.io.BufferedWriter;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;

/** Writes the rows of one query. For one run, on one thread. */
public final class CsvExport {
  private static final String UNFINISHED = ".part";

  private final Path target;
  private final ExportLayout layout;
  private final TimeText times;

  /**
   * @param target the file to make
   * @param times writes the time stamps
   */
  public CsvExport(Path target, ExportLayout layout, TimeText times) {
    this.target = target;
    this.layout = layout;
    this.times = times;
  }

  /**
   * Writes all rows and gives the file its name. A file that was there before is replaced.
   *
   * @return the number of lines without the header
   * @throws BadColumnsException if the columns do not fit the layout; no file is made
   */
  public long run(ResultRows rows)
      throws IOException, BadColumnsException, RefusedException, UnreachableException {
    DeviceColumns devices = layout == ExportLayout.DEVICE ? devices(rows) : null;
    Path unfinished = target.resolveSibling(target.getFileName() + UNFINISHED);
    if (Files.isDirectory(target)) {
      throw new FileAlreadyExistsException(target + " is a folder");
    }
    boolean whole = false;
    try {
      long lines = write(rows, devices, unfinished);
      Files.move(
          unfinished, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      whole = true;
      return lines;
    } finally {
      if (!whole) {
        Files.deleteIfExists(unfinished);
      }
    }
  }

  private static DeviceColumns devices(ResultRows rows) throws BadColumnsException {
    if (!rows.hasTime()) {
      throw new BadColumnsException("the rows have no time: use --layout time");
    }
    return DeviceColumns.of(rows.names(), rows.types());
  }

  private long write(ResultRows rows, DeviceColumns devices, Path file)
      throws IOException, RefusedException, UnreachableException {
    try (FileOutputStream bytes = new FileOutputStream(file.toFile());
        CsvWriter out =
            new CsvWriter(
                new BufferedWriter(new OutputStreamWriter(bytes, StandardCharsets.UTF_8)))) {
      out.write(devices == null ? header(rows) : header(devices));
      long lines = 0;
      while (rows.next()) {
        List<String> row = rows.texts(times);
        if (devices == null) {
          out.write(row);
          lines++;
        } else {
          lines += writeByDevice(out, devices, row);
        }
      }
      out.flush();
      bytes.getFD().sync();
      return lines;
    }
  }

  private static int writeByDevice(CsvWriter out, DeviceColumns devices, List<String> row)
      throws IOException {
    int lines = 0;
    for (String device : devices.fields().keySet()) {
      List<String> line = devices.line(device, row);
      if (line != null) {
        out.write(line);
        lines++;
      }
    }
    return lines;
  }

  private static List<String> header(ResultRows rows) {
    List<String> header = new ArrayList<>();
    for (int i = 0; i < rows.names().size(); i++) {
      boolean isTime = i == 0 && rows.hasTime();
      header.add(isTime ? rows.names().get(i) : title(rows.names().get(i), rows.types().get(i)));
    }
    return header;
  }

  private static List<String> header(DeviceColumns devices) {
    List<String> header = new ArrayList<>(List.of(ResultRows.TIME_COLUMN, "Device"));
    for (int i = 0; i < devices.measurements().size(); i++) {
      header.add(title(devices.measurements().get(i), devices.types().get(i)));
    }
    return header;
  }

  private static String title(String name, TSDataType type) {
    return name + "(" + type + ")";
  }
}
