package io.sluice.cli.load;

import io.sluice.cli.csv.CsvField;
import io.sluice.cli.csv.CsvReader;
import io.sluice.cli.csv.CsvRecord;
import io.sluice.cli.server.RefusedException;
import io.sluice.cli.server.SeriesCatalog;
import io.sluice.cli.server.TabletSink;
import io.sluice.cli.server.UnreachableException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.tsfile.enums.TSDataType;

/** Imports one file. For one run, on one thread. */
public final class CsvImport {
  /** Lines between two reports of progress. */
  private static final int LINES_BETWEEN_REPORTS = 1_000;

  private final Path file;
  private final ImportOptions options;
  private final SeriesCatalog catalog;
  private final TabletSink sink;
  private final ImportWatcher watcher;

  private CsvLayout layout;
  private long lines;
  private long badLines;
  private long emptyLines;

  public CsvImport(
      Path file,
      ImportOptions options,
      SeriesCatalog catalog,
      TabletSink sink,
      ImportWatcher watcher) {
    this.file = file;
    this.options = options;
    this.catalog = catalog;
    this.sink = sink;
    this.watcher = watcher;
  }

  /**
   * Reads the file twice and sends its rows.
   *
   * @throws BadLayoutException if the columns make no sense; nothing was sent
   * @throws ImportStoppedException if the server took no more; what was acknowledged before is
   *     there
   * @throws IOException if the file cannot be read
   */
  public ImportResult run()
      throws IOException,
          BadLayoutException,
          ImportStoppedException,
          RefusedException,
          UnreachableException {
    List<TSDataType> types = findTypes();
    if (layout == null) {
      return new ImportResult(0, 0, 0, badLines, 0);
    }
    try (TabletPipeline pipeline = new TabletPipeline(sink)) {
      RowGathering rows = new RowGathering(layout, types, options, catalog, pipeline);
      badLines = 0;
      readRows(rows);
      rows.flush();
      pipeline.await();
      return new ImportResult(lines, pipeline.rows(), pipeline.values(), badLines, emptyLines);
    }
  }

  /** The type of each column, null for one without a value. Finds the layout on the way. */
  private List<TSDataType> findTypes() throws IOException, BadLayoutException {
    List<ColumnTypes> seen = new ArrayList<>();
    try (CountingInput in = new CountingInput(Files.newInputStream(file));
        CsvReader reader = reader(in)) {
      long read = 0;
      for (CsvRecord record = reader.next(); record != null; record = reader.next()) {
        if (record instanceof CsvRecord.Fields data) {
          boolean header = false;
          if (layout == null) {
            layout = CsvLayout.of(data.fields(), options.into(), options.times());
            layout.columns().forEach(column -> seen.add(new ColumnTypes()));
            requireKnownColumns();
            header = layout.hasHeader();
          }
          if (!header && data.fields().size() == layout.fieldCount()) {
            see(data.fields(), seen);
          }
        }
        if (++read % LINES_BETWEEN_REPORTS == 0) {
          watcher.progress(ImportWatcher.Pass.TYPES, in.bytes(), read);
        }
      }
    }
    List<TSDataType> types = new ArrayList<>();
    for (int i = 0; i < seen.size(); i++) {
      types.add(typeOf(layout.columns().get(i), seen.get(i)));
    }
    return types;
  }

  private void see(List<CsvField> fields, List<ColumnTypes> seen) {
    for (int i = 0; i < seen.size(); i++) {
      CsvField field = fields.get(layout.leadingFields() + i);
      if (!field.text().isBlank() && !field.text().equals(options.nullText())) {
        seen.get(i).see(field.text());
      }
    }
  }

  private TSDataType typeOf(CsvLayout.Column column, ColumnTypes seen) {
    TSDataType wanted = options.types().get(column.title());
    if (wanted != null) {
      return wanted;
    }
    return column.declared() != null ? column.declared() : seen.type();
  }

  private void requireKnownColumns() throws BadLayoutException {
    Set<String> unknown = new HashSet<>(options.types().keySet());
    layout.columns().forEach(column -> unknown.remove(column.title()));
    if (!unknown.isEmpty()) {
      throw new BadLayoutException("no column " + unknown.iterator().next() + " in the file");
    }
  }

  private void readRows(RowGathering rows)
      throws IOException,
          BadLayoutException,
          ImportStoppedException,
          RefusedException,
          UnreachableException {
    boolean header = layout.hasHeader();
    try (CountingInput in = new CountingInput(Files.newInputStream(file));
        CsvReader reader = reader(in)) {
      for (CsvRecord record = reader.next(); record != null; record = reader.next()) {
        if (record instanceof CsvRecord.Bad bad) {
          reportBad(bad.line(), bad.reason());
        } else if (header) {
          header = false;
        } else {
          count(rows.add((CsvRecord.Fields) record), record.line());
        }
        if (lines % LINES_BETWEEN_REPORTS == 0) {
          watcher.progress(ImportWatcher.Pass.ROWS, in.bytes(), lines);
        }
      }
      watcher.progress(ImportWatcher.Pass.ROWS, in.bytes(), lines);
    }
  }

  private void count(RowGathering.Taken taken, long line) {
    if (taken instanceof RowGathering.Refused refused) {
      reportBad(line, refused.reason());
      return;
    }
    lines++;
    if (taken instanceof RowGathering.Nothing) {
      emptyLines++;
    }
  }

  private void reportBad(long line, String reason) {
    lines++;
    badLines++;
    watcher.badLine(line, reason);
  }

  private CsvReader reader(CountingInput in) {
    return new CsvReader(new InputStreamReader(in, StandardCharsets.UTF_8), options.separator());
  }
}
