package io.sluice.cli;

import io.sluice.cli.load.ImportWatcher;
import io.sluice.cli.time.ElapsedClock;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows how an import goes, on the error stream: a bar that is redrawn on a terminal, a line now
 * and then elsewhere; and the first of the bad lines. Confined to one thread.
 */
final class ImportProgress implements ImportWatcher {
  /** Bad lines that are shown; the others are counted. */
  static final int BAD_LINES_SHOWN_MAX = 20;

  private static final int BAR_COLUMNS = 30;
  private static final long REDRAW_MS = 100;
  private static final long REPEAT_MS = 10_000;
  private static final String CLEAR_LINE = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean live;
  private final String fileName;
  private final long fileBytes;
  private final ElapsedClock clock;
  private final long beginMs;
  private long shownMs;
  private long badLines;
  private boolean barShown;

  ImportProgress(
      PrintWriter err, boolean live, String fileName, long fileBytes, ElapsedClock clock) {
    this.err = err;
    this.live = live;
    this.fileName = fileName;
    this.fileBytes = fileBytes;
    this.clock = clock;
    this.beginMs = clock.nowMs();
    this.shownMs = beginMs;
  }

  @Override
  public void progress(Pass pass, long bytesRead, long lines) {
    long nowMs = clock.nowMs();
    if (nowMs - shownMs < (live ? REDRAW_MS : REPEAT_MS)) {
      return;
    }
    shownMs = nowMs;
    String state = state(pass, bytesRead, lines, nowMs - beginMs);
    if (live) {
      err.print(CLEAR_LINE + state);
      barShown = true;
    } else {
      err.println(state);
    }
    err.flush();
  }

  private String state(Pass pass, long bytesRead, long lines, long elapsedMs) {
    double part = fileBytes == 0 ? 1 : Math.min(1.0, (double) bytesRead / fileBytes);
    int full = (int) (part * BAR_COLUMNS);
    String bar = "[" + "#".repeat(full) + " ".repeat(BAR_COLUMNS - full) + "]";
    String what = pass == Pass.TYPES ? "looking at" : "importing";
    return String.format(
        Locale.ROOT,
        "%s %s %s %3d%%  %,d lines  %.1fs",
        what,
        fileName,
        bar,
        (int) (part * 100),
        lines,
        elapsedMs / 1000.0);
  }

  @Override
  public void badLine(long line, String reason) {
    badLines++;
    if (badLines <= BAD_LINES_SHOWN_MAX) {
      clear();
      err.println(fileName + ":" + line + ": " + reason);
      err.flush();
    }
  }

  /** Takes the bar away and says how many bad lines were not shown. */
  void end() {
    clear();
    if (badLines > BAD_LINES_SHOWN_MAX) {
      err.println("... and " + (badLines - BAD_LINES_SHOWN_MAX) + " more bad lines");
    }
    err.flush();
  }

  private void clear() {
    if (barShown) {
      err.print(CLEAR_LINE);
      barShown = false;
    }
  }
}
