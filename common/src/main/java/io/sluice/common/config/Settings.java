package io.sluice.common.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * The values of all parameters as one reading of the files found them. Immutable; reading again
 * makes a new one, so that a refused reading changes nothing.
 */
public final class Settings {
  private static final String OVERRIDE_PREFIX = "SLUICE_";

  private final Path home;
  private final Map<Parameter<?>, String> texts;
  private final List<String> warnings;

  private Settings(Path home, Map<Parameter<?>, String> texts, List<String> warnings) {
    this.home = home;
    this.texts = Map.copyOf(texts);
    this.warnings = List.copyOf(warnings);
  }

  /**
   * Reads the files in {@code folder}; a file that is not there leaves its parameters at their
   * defaults.
   *
   * @param home relative folders among the values are below it
   * @param environment a value in {@code SLUICE_<key>} overrides the files
   * @throws SettingsException naming every value that is not in its parameter's range
   * @throws IOException when a file is there and cannot be read
   */
  public static Settings read(Path folder, Path home, Map<String, String> environment)
      throws IOException, SettingsException {
    Map<Parameter<?>, String> texts = new HashMap<>();
    List<String> warnings = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (Parameter.ConfFile file : Parameter.ConfFile.values()) {
      Path path = folder.resolve(file.fileName());
      if (Files.exists(path)) {
        readFile(file, path, texts, warnings);
      }
    }
    for (Parameter<?> parameter : Parameters.ALL) {
      String override = environment.get(OVERRIDE_PREFIX + parameter.key());
      if (override != null) {
        texts.put(parameter, override.trim());
      }
      String text = texts.getOrDefault(parameter, parameter.defaultText());
      try {
        parameter.type().parse(text);
      } catch (IllegalArgumentException e) {
        errors.add(parameter.key() + ": " + e.getMessage());
      }
    }
    if (!errors.isEmpty()) {
      throw new SettingsException(errors);
    }
    return new Settings(home, texts, warnings);
  }

  private static void readFile(
      Parameter.ConfFile file, Path path, Map<Parameter<?>, String> texts, List<String> warnings)
      throws IOException {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      properties.load(reader);
    } catch (IllegalArgumentException e) {
      throw new IOException(path + " is not a properties file: " + e.getMessage(), e);
    }
    for (String key : properties.stringPropertyNames().stream().sorted().toList()) {
      Parameter<?> parameter =
          Parameters.ALL.stream().filter(known -> known.key().equals(key)).findFirst().orElse(null);
      if (parameter == null) {
        warnings.add("unknown parameter " + key + " in " + path + " is ignored");
      } else {
        if (parameter.file() != file) {
          warnings.add(
              key
                  + " in "
                  + path
                  + " belongs in "
                  + parameter.file().fileName()
                  + "; used all the same");
        }
        texts.put(parameter, properties.getProperty(key).trim());
      }
    }
  }

  public <T> T get(Parameter<T> parameter) {
    return parameter.type().parse(text(parameter));
  }

  /** The value as written. */
  public String text(Parameter<?> parameter) {
    return texts.getOrDefault(parameter, parameter.defaultText());
  }

  /** A folder parameter's value, below the home folder when it is relative. */
  public Path folder(Parameter<String> parameter) {
    return home.resolve(get(parameter)).toAbsolutePath().normalize();
  }

  /** These values, but those that LOAD CONFIGURATION re-reads as {@code fresh} has them. */
  public Settings reloadedFrom(Settings fresh) {
    Map<Parameter<?>, String> mixed = new HashMap<>(texts);
    for (Parameter<?> parameter : Parameters.ALL) {
      if (parameter.reload() == Parameter.Reload.AT_LOAD_CONFIGURATION) {
        mixed.put(parameter, fresh.text(parameter));
      }
    }
    return new Settings(home, mixed, warnings);
  }

  /** Lines to log: keys that mean nothing, keys in the wrong file. */
  public List<String> warnings() {
    return warnings;
  }

  /** Parameters whose text differs in {@code other}, by key. */
  public List<Parameter<?>> differencesTo(Settings other) {
    return Parameters.ALL.stream()
        .filter(parameter -> !text(parameter).equals(other.text(parameter)))
        .sorted(Comparator.comparing(Parameter::key))
        .toList();
  }
}
