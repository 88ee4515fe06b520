package io.sluice.confignode.core;

/** Where pipes lead. {@code type} is spelled as SHOW PIPESINKS prints it. */
public record PipeSink(String name, String type, String host, int port, long createdAtMs) {
  public static final String TYPE = "IoTDB";
}
