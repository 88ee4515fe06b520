package io.sluice.cli.server;

import org.apache.tsfile.write.record.Tablet;

/** Where tablets go. Used by one thread at a time. */
public interface TabletSink {
  /**
   * Writes a tablet and returns when the server has acknowledged it.
   *
   * @param aligned whether its series share their time stamps
   * @throws RefusedException if the server does not take it
   * @throws UnreachableException if it did not answer, also when asked again
   */
  void write(Tablet tablet, boolean aligned) throws RefusedException, UnreachableException;
}
