package io.sluice.datanode.statement;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What SHOW VERSION prints.
 *
 * @param version of this build
 * @param build what it was made from, UNKNOWN when that was not recorded
 */
public record ServerVersion(String version, String build) {
  private static final String RESOURCE = "/io/sluice/datanode/version.properties";

  /** As the build wrote it into this module. */
  public static ServerVersion ofBuild() {
    Properties properties = new Properties();
    try (InputStream in = ServerVersion.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the class path");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ServerVersion(
        properties.getProperty("version"), properties.getProperty("build", "UNKNOWN"));
  }
}
