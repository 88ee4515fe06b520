package io.sluice.common.node;

import io.sluice.common.config.Parameter;
import io.sluice.common.config.Settings;
import io.sluice.common.config.SettingsException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Re-reads the configuration files while the process runs. Thread-safe. */
public final class Reconfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(Reconfiguration.class);

  private final Source source;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** What the process runs with: parameters that need a restart as they were at start. */
  private volatile Settings running;

  /** Where settings come from: the files as they are now. */
  @FunctionalInterface
  public interface Source {
    Settings read() throws IOException, SettingsException;
  }

  /** Takes over re-read values. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Checks {@code fresh} when {@code dryRun}, takes it over otherwise.
     *
     * @throws SettingsRefusedException with a line for the operator; nothing is changed then
     */
    void reload(Settings fresh, boolean dryRun) throws SettingsRefusedException;
  }

  /** A component cannot run with a value. */
  public static final class SettingsRefusedException extends Exception {
    public SettingsRefusedException(String message) {
      super(message);
    }
  }

  public Reconfiguration(Source source, Settings current) {
    this.source = source;
    this.running = current;
  }

  public void onReload(Listener listener) {
    listeners.add(listener);
  }

  /** The values the process runs with, whatever stands in the files by now. */
  public Settings running() {
    return running;
  }

  /**
   * All or nothing: every listener checks the new values before the first takes them over.
   *
   * @return one line for each parameter whose value in the files is another than the running one
   *     and takes a restart; named again each time, until there was one
   * @throws SettingsRefusedException with a line for the operator; the running values stay
   */
  public synchronized List<String> reload() throws SettingsRefusedException {
    Settings fresh;
    try {
      fresh = source.read();
    } catch (IOException | SettingsException e) {
      throw new SettingsRefusedException(e.getMessage());
    }
    for (Listener listener : listeners) {
      listener.reload(fresh, true);
    }
    for (Listener listener : listeners) {
      listener.reload(fresh, false);
    }
    fresh.warnings().forEach(LOG::warn);
    List<String> takeRestart = new ArrayList<>();
    for (Parameter<?> parameter : running.differencesTo(fresh)) {
      if (parameter.reload() == Parameter.Reload.AT_RESTART) {
        takeRestart.add(
            "%s is '%s' in the files, but '%s' until a restart"
                .formatted(parameter.key(), fresh.text(parameter), running.text(parameter)));
      } else {
        LOG.info("{} is now {}", parameter.key(), fresh.text(parameter));
      }
    }
    takeRestart.forEach(LOG::warn);
    running = running.reloadedFrom(fresh);
    return takeRestart;
  }
}
