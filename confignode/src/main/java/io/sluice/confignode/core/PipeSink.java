package io.sluice.confignode.core;

/** Where pipes lead. {@code type} is spelled as SHOW PIPESINKS prints it. */
public record PipeSink(
    String name, String type, String host, int port, long createdAtMs, SinkOptions options) {
  public static final String TYPE = "IoTDB";

  /** Without options. */
  public PipeSink(String name, String type, String host, int port, long createdAtMs) {
    this(name, type, host, port, createdAtMs, SinkOptions.NONE);
  }

  PipeSink with(SinkOptions changed) {
    return new PipeSink(name, type, host, port, createdAtMs, changed);
  }
}
