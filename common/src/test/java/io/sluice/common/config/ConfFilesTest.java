package io.sluice.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The files in conf/ say of every parameter what the code does. Run with -Dsluice.conf.write=true
 * to rewrite them.
 */
class ConfFilesTest {
  private static final int LINE_LENGTH_MAX = 110;
  private static final Path CONF = Path.of(System.getProperty("sluice.root", ".."), "conf");

  @ParameterizedTest
  @EnumSource(Parameter.ConfFile.class)
  void everyParameterIsDocumentedAsItIs(Parameter.ConfFile file) throws IOException {
    Path path = CONF.resolve(file.fileName());
    String expected = render(file);
    if (Boolean.getBoolean("sluice.conf.write")) {
      Files.writeString(path, expected);
    }
    assertThat(Files.readString(path)).isEqualTo(expected);
  }

  @Test
  void theFilesAsShippedAreTheDefaults() throws Exception {
    Settings shipped = Settings.read(CONF, Path.of(""), java.util.Map.of());
    assertThat(shipped.warnings()).isEmpty();
    for (Parameter<?> parameter : Parameters.ALL) {
      assertThat(shipped.text(parameter)).as(parameter.key()).isEqualTo(parameter.defaultText());
    }
  }

  private static String render(Parameter.ConfFile file) {
    StringBuilder text = new StringBuilder();
    text.append(
        "# Sluice configuration. Every value below is the default; relative folders are below the home\n");
    text.append("# folder given at start. SLUICE_<key> in the environment overrides a value.\n");
    for (Parameter<?> parameter : Parameters.ALL) {
      if (parameter.file() == file) {
        text.append("\n");
        comment(text, parameter.meaning());
        comment(text, "Datatype: " + parameter.type().name() + ", " + parameter.type().range());
        comment(text, "Effective: " + parameter.reload().text());
        text.append(parameter.key()).append('=').append(parameter.defaultText()).append("\n");
      }
    }
    return text.toString();
  }

  private static void comment(StringBuilder text, String words) {
    StringBuilder line = new StringBuilder("#");
    for (String word : words.split(" ")) {
      if (line.length() + 1 + word.length() > LINE_LENGTH_MAX) {
        text.append(line).append("\n");
        line = new StringBuilder("#");
      }
      line.append(' ').append(word);
    }
    text.append(line).append("\n");
  }
}
