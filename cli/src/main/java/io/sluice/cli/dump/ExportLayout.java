package io.sluice.cli.dump;

/** How rows stand in the file. */
public enum ExportLayout {
  /** {@code Time,root.db.d1.s1(INT32),...}: one line per time. */
  TIME,
  /** {@code Time,Device,s1(INT32),...}: one line per time and device. */
  DEVICE
}
