package io.sluice.datanode.statement;

import io.netty.util.NetUtil;
import io.sluice.common.rpc.CreatePipeSinkReq;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeSinksResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.sql.statement.Attribute;
import io.sluice.sql.statement.PipeSinkStatement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** CREATE, DROP and SHOW PIPESINK. Thread-safe. */
final class PipeSinkStatements {
  static final String DEFAULT_HOST = "127.0.0.1";
  static final int DEFAULT_PORT = 6667;
  static final int PORT_MAX = 65_535;

  private static final String ONLY_TYPE = "IoTDB";
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");

  private static final int NAME_CHARS_MAX = 253;
  private static final Pattern DIGITS_AND_DOTS = Pattern.compile("[0-9.]*");
  private static final Pattern NAME =
      Pattern.compile(
          "([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)"
              + "(\\.([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?))*\\.?");

  private final ConfigNodeClient configNode;

  PipeSinkStatements(ConfigNodeClient configNode) {
    this.configNode = configNode;
  }

  StatementResult execute(PipeSinkStatement statement) throws StatusException {
    if (statement instanceof PipeSinkStatement.Create create) {
      CreatePipeSinkReq request = request(create);
      ConfigNodeAnswer.check(configNode.call(node -> node.createPipeSink(request)));
      return new StatementResult.Done();
    }
    if (statement instanceof PipeSinkStatement.Drop drop) {
      ConfigNodeAnswer.check(configNode.call(node -> node.dropPipeSink(drop.name())));
      return new StatementResult.Done();
    }
    if (statement instanceof PipeSinkStatement.Show show) {
      return show(show.name());
    }
    return new ResultTable().text("Type").row(ONLY_TYPE).result();
  }

  private static CreatePipeSinkReq request(PipeSinkStatement.Create create) throws StatusException {
    if (!create.type().equalsIgnoreCase(ONLY_TYPE)) {
      throw refused(
          "PIPESINK type [%s] is not supported, only %s is".formatted(create.type(), ONLY_TYPE));
    }
    CreatePipeSinkReq request =
        new CreatePipeSinkReq(create.name(), ONLY_TYPE, DEFAULT_HOST, DEFAULT_PORT);
    Set<String> given = new HashSet<>();
    for (Attribute attribute : create.attributes()) {
      String name = attribute.name().toLowerCase(Locale.ROOT);
      switch (name) {
        case "ip" -> request.setHost(ip(attribute.value()));
        case "host" -> request.setHost(host(attribute.value()));
        case "port" -> request.setPort(port(attribute.value()));
        default ->
            throw refused(
                "There is No attribute %s in %s pipeSink.".formatted(attribute.name(), ONLY_TYPE));
      }
      if (!given.add(name)) {
        throw refused("Attribute " + name + " is given more than once.");
      }
      if (given.contains("ip") && given.contains("host")) {
        throw refused("Attributes ip and host say the same: give one of them.");
      }
    }
    return request;
  }

  /** What it stands for is looked up at each connecting, never here. */
  private static String host(String value) throws StatusException {
    boolean bracketed = value.startsWith("[") && value.endsWith("]");
    String host = bracketed ? value.substring(1, value.length() - 1) : value;
    if (NetUtil.isValidIpV6Address(host) || !bracketed && isName(host)) {
      return host;
    }
    throw refused("host='" + value + "' is neither a DNS name nor an IP address.");
  }

  private static boolean isName(String host) {
    boolean digitsOnly = DIGITS_AND_DOTS.matcher(host).matches();
    return digitsOnly
        ? IPV4.matcher(host).matches()
        : host.length() <= NAME_CHARS_MAX && NAME.matcher(host).matches();
  }

  private static String ip(String value) throws StatusException {
    if (!IPV4.matcher(value).matches()) {
      throw refused(value + " is nonstandard IP address, only support IPv4 now.");
    }
    return value;
  }

  private static int port(String value) throws StatusException {
    int port;
    try {
      port = Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new StatusException(
          StatusCode.PIPESINK_ERROR,
          "port=%s has wrong format, require for INT32.".formatted(value),
          e);
    }
    if (port < 1 || port > PORT_MAX) {
      throw refused("port=%d is out of range, require for 1 to %d.".formatted(port, PORT_MAX));
    }
    return port;
  }

  private StatementResult show(String name) throws StatusException {
    PipeSinksResp answer = configNode.call(node -> node.getPipeSinks(""));
    ConfigNodeAnswer.check(answer.getStatus());
    List<PipeSinkInfo> shown =
        answer.getSinks().stream()
            .filter(sink -> name == null || sink.getName().equals(name))
            .toList();
    if (name != null && shown.isEmpty()) {
      throw refused("PIPESINK [" + name + "] does not exist");
    }
    ResultTable table = new ResultTable().text("Name", "Type", "Attributes");
    for (PipeSinkInfo sink : shown) {
      table.row(
          sink.getName(),
          sink.getType(),
          "%s='%s',port=%d"
              .formatted(
                  IPV4.matcher(sink.getHost()).matches() ? "ip" : "host",
                  sink.getHost(),
                  sink.getPort()));
    }
    return table.result();
  }

  private static StatusException refused(String text) {
    return new StatusException(StatusCode.PIPESINK_ERROR, text);
  }
}
