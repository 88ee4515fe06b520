package io.sluice.common.config;

import java.util.List;

/** Values outside their parameters' ranges. The message names every one. */
public final class SettingsException extends Exception {
  SettingsException(List<String> errors) {
    super(String.join("; ", errors));
  }
}
