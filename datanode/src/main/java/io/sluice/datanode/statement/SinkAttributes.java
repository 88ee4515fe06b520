package io.sluice.datanode.statement;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.rpc.PipeSinkChange;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.sync.Compression;
import io.sluice.sql.statement.Attribute;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a statement says of a sink, checked; empty is what it does not say. */
record SinkAttributes(
    Optional<String> host, Optional<Integer> port, Optional<PipeSinkChange> options) {
  private static final int CREDENTIAL_CHARS_MAX = 256;

  /** A lower limit would keep a connection silent for longer than the receiver is patient. */
  static final long BYTES_PER_SECOND_MIN = 1_024;

  /**
   * @throws StatusException naming the attribute that is unknown, given twice, or has a value that
   *     a sink cannot have
   */
  static SinkAttributes of(List<Attribute> attributes) throws StatusException {
    Optional<String> host = Optional.empty();
    Optional<Integer> port = Optional.empty();
    PipeSinkChange options = new PipeSinkChange();
    String user = null;
    String password = null;
    Set<String> given = new HashSet<>();
    for (Attribute attribute : attributes) {
      String name = attribute.name().toLowerCase(Locale.ROOT);
      String value = attribute.value();
      switch (name) {
        case "ip" -> host = Optional.of(SinkHost.ip(value));
        case "host" -> host = Optional.of(SinkHost.host(value));
        case "port" -> port = Optional.of(SinkHost.port(value));
        case "user" -> user = value;
        case "password" -> password = value;
        case "rate_limit_bytes_per_second" -> options.setRateLimitBytesPerSecond(rate(value));
        case "compression" -> options.setCompression(compression(value));
        default ->
            throw refused(
                "There is No attribute %s in IoTDB pipeSink.".formatted(attribute.name()));
      }
      if (!given.add(name)) {
        throw refused("Attribute " + name + " is given more than once.");
      }
      if (given.contains("ip") && given.contains("host")) {
        throw refused("Attributes ip and host say the same: give one of them.");
      }
    }
    if (user != null || password != null) {
      setCredentials(options, user, password);
    }
    return new SinkAttributes(
        host, port, options.equals(new PipeSinkChange()) ? Optional.empty() : Optional.of(options));
  }

  /** The password goes no further than here: what is kept is made of it, slowly. */
  private static void setCredentials(PipeSinkChange options, String user, String password)
      throws StatusException {
    if (user != null && user.isEmpty() && password == null) {
      options.setUser(user);
      return;
    }
    if (user == null || user.isBlank() || password == null || password.isEmpty()) {
      throw refused(
          "Attributes user and password go together, and neither is empty; user='' alone means no"
              + " user.");
    }
    if (user.length() > CREDENTIAL_CHARS_MAX || password.length() > CREDENTIAL_CHARS_MAX) {
      throw refused("user and password have at most " + CREDENTIAL_CHARS_MAX + " characters each.");
    }
    options.setUser(user);
    options.setPasswordKey(PasswordKey.of(user, password).bytes().toArray());
  }

  private static long rate(String value) throws StatusException {
    long bytesPerSecond;
    try {
      bytesPerSecond = Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw refused(
          "rate_limit_bytes_per_second=%s has wrong format, require for INT64.".formatted(value));
    }
    if (bytesPerSecond != 0 && bytesPerSecond < BYTES_PER_SECOND_MIN) {
      throw refused(
          "rate_limit_bytes_per_second=%d is out of range, require for 0 (no limit) or at least %d."
              .formatted(bytesPerSecond, BYTES_PER_SECOND_MIN));
    }
    return bytesPerSecond;
  }

  private static String compression(String value) throws StatusException {
    return Compression.ofWord(value)
        .map(Compression::word)
        .orElseThrow(
            () -> refused("compression='" + value + "' is none of 'zstd', 'lz4' and 'none'."));
  }

  /** As SHOW PIPESINK lists them: the user, never what shows the password. */
  static String shown(PipeSinkInfo sink) {
    StringBuilder text = new StringBuilder();
    text.append(SinkHost.isIpv4(sink.getHost()) ? "ip='" : "host='")
        .append(sink.getHost())
        .append("',port=")
        .append(sink.getPort());
    if (sink.isSetUser()) {
      text.append(",user='").append(sink.getUser()).append('\'');
    }
    if (sink.isSetCompression()) {
      text.append(",compression='").append(sink.getCompression()).append('\'');
    }
    if (sink.isSetRateLimitBytesPerSecond()) {
      text.append(",rate_limit_bytes_per_second=").append(sink.getRateLimitBytesPerSecond());
    }
    return text.toString();
  }

  static StatusException refused(String text) {
    return new StatusException(StatusCode.PIPESINK_ERROR, text);
  }
}
