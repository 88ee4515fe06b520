package io.sluice.datanode.statement;

import io.sluice.common.rpc.CreatePipeSinkReq;
import io.sluice.common.rpc.PipeSinkChange;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeSinksResp;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.sql.statement.PipeSinkStatement;
import java.util.List;

/** CREATE, ALTER, DROP and SHOW PIPESINK. Thread-safe. */
final class PipeSinkStatements {
  static final String DEFAULT_HOST = "127.0.0.1";
  static final int DEFAULT_PORT = 6667;

  private static final String ONLY_TYPE = "IoTDB";
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
    if (statement instanceof PipeSinkStatement.Alter alter) {
      PipeSinkChange change = change(alter);
      ConfigNodeAnswer.check(configNode.call(node -> node.alterPipeSink(alter.name(), change)));
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
    SinkAttributes given = SinkAttributes.of(create.attributes());
    CreatePipeSinkReq request =
        new CreatePipeSinkReq(
            create.name(),
            ONLY_TYPE,
            given.host().orElse(DEFAULT_HOST),
            given.port().orElse(DEFAULT_PORT));
    given.options().ifPresent(request::setOptions);
    return request;
  }

  private static PipeSinkChange change(PipeSinkStatement.Alter alter) throws StatusException {
    SinkAttributes given = SinkAttributes.of(alter.attributes());
    if (given.host().isPresent() || given.port().isPresent()) {
      throw refused("Where a PIPESINK leads is not changed: create another one.");
    }
    return given.options().orElseThrow();
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
      table.row(sink.getName(), sink.getType(), SinkAttributes.shown(sink));
    }
    return table.result();
  }

  private static StatusException refused(String text) {
    return new StatusException(StatusCode.PIPESINK_ERROR, text);
  }
}
