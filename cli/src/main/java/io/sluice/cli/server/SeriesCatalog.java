package io.sluice.cli.server;

import java.util.Map;
import org.apache.tsfile.enums.TSDataType;

/** What the server knows of a device. */
public interface SeriesCatalog {
  /**
   * A device as it is on the server.
   *
   * @param types by the series' path; empty for a device that does not exist yet
   * @param aligned whether it exists and its series share their time stamps
   */
  record Device(Map<String, TSDataType> types, boolean aligned) {}

  /**
   * Asks for a device.
   *
   * @param path a legal path without wildcards
   */
  Device device(String path) throws RefusedException, UnreachableException;
}
