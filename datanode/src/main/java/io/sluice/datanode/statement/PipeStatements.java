package io.sluice.datanode.statement;

import io.sluice.common.rpc.CreatePipeReq;
import io.sluice.common.rpc.PipeDetailsResp;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeView;
import io.sluice.common.rpc.PipesResp;
import io.sluice.common.rpc.ReceivedPipe;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.datanode.cluster.ConfigNodeClient;
import io.sluice.datanode.verify.PipeVerifier;
import io.sluice.sql.statement.Attribute;
import io.sluice.sql.statement.PipeStatement;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * CREATE, START, STOP, DROP and SHOW PIPE: the ConfigNode decides and answers with the text the
 * client gets; what this cluster receives is listed beside what it sends. Thread-safe.
 */
final class PipeStatements {
  private static final String SYNC_DELETIONS = "SyncDelOp";

  private final ConfigNodeClient configNode;
  private final ReceivedPipes received;
  private final PipeQuarantine quarantine;
  private final PipeVerification verification;

  PipeStatements(
      ConfigNodeClient configNode,
      ReceivedPipes received,
      ClusterRegions regions,
      PipeVerifier verifier) {
    this.configNode = configNode;
    PipeRegions sent = new PipeRegions(configNode, regions);
    this.quarantine = new PipeQuarantine(sent);
    this.verification = new PipeVerification(sent, verifier);
    this.received = received;
  }

  StatementResult execute(PipeStatement statement, ZoneId zone) throws StatusException {
    if (statement instanceof PipeStatement.Show show) {
      return show(show.name(), zone);
    }
    if (statement instanceof PipeStatement.Details details) {
      PipeDetailsResp answer = configNode.call(node -> node.getPipeDetails(details.name()));
      ConfigNodeAnswer.check(answer.getStatus());
      return PipeDetailRows.of(answer, zone);
    }
    if (statement instanceof PipeStatement.Quarantine held) {
      return quarantine.show(held.name(), zone);
    }
    if (statement instanceof PipeStatement.RetryQuarantine retry) {
      return quarantine.retry(retry.name());
    }
    if (statement instanceof PipeStatement.Verify verify) {
      return verification.verify(verify.name(), zone);
    }
    if (statement instanceof PipeStatement.Repair repair) {
      return verification.repair(repair.name(), zone);
    }
    if (statement instanceof PipeStatement.Create create) {
      CreatePipeReq request =
          new CreatePipeReq(
              create.name(), create.sink(), create.startTimeMs(), syncDeletions(create));
      ConfigNodeAnswer.check(configNode.call(node -> node.createPipe(request)));
    } else if (statement instanceof PipeStatement.Start start) {
      ConfigNodeAnswer.check(configNode.call(node -> node.startPipe(start.name())));
    } else if (statement instanceof PipeStatement.Stop stop) {
      ConfigNodeAnswer.check(configNode.call(node -> node.stopPipe(stop.name())));
    } else if (statement instanceof PipeStatement.Drop drop) {
      ConfigNodeAnswer.check(configNode.call(node -> node.dropPipe(drop.name())));
    }
    return new StatementResult.Done();
  }

  private static boolean syncDeletions(PipeStatement.Create create) throws StatusException {
    boolean given = false;
    boolean syncs = false;
    for (Attribute attribute : create.attributes()) {
      if (!attribute.name().equalsIgnoreCase(SYNC_DELETIONS)) {
        throw refused("Can not recognition attribute " + attribute.name());
      }
      if (given) {
        throw refused("Attribute " + SYNC_DELETIONS + " is given more than once.");
      }
      given = true;
      syncs = attribute.value().equalsIgnoreCase("true");
      if (!syncs && !attribute.value().equalsIgnoreCase("false")) {
        throw refused(
            "%s=%s has wrong format, require for true or false."
                .formatted(SYNC_DELETIONS, attribute.value()));
      }
    }
    return syncs;
  }

  private StatementResult show(String name, ZoneId zone) throws StatusException {
    PipesResp answer = configNode.call(node -> node.getPipes(""));
    ConfigNodeAnswer.check(answer.getStatus());
    List<Line> lines = new ArrayList<>();
    for (PipeView view : answer.getPipes()) {
      lines.add(sent(view));
    }
    received.list().forEach(pipe -> lines.add(arriving(pipe)));
    lines.removeIf(line -> name != null && !line.name.equals(name));
    if (name != null && lines.isEmpty()) {
      throw refused("PIPE [" + name + "] does not exist");
    }
    lines.sort(
        Comparator.comparingLong(Line::createdAtMs)
            .thenComparing(Line::name)
            .thenComparing(Line::remote)
            .thenComparing(Line::attributes));
    ResultTable table =
        new ResultTable()
            .text("CreateTime", "Name", "Role", "Remote", "Status", "Attributes", "Message");
    for (Line line : lines) {
      table.row(
          ShownTime.of(line.createdAtMs, zone),
          line.name,
          line.role,
          line.remote,
          line.status.name(),
          line.attributes,
          line.message.name());
    }
    return table.result();
  }

  private static Line sent(PipeView view) {
    PipeInfo pipe = view.getPipe();
    return new Line(
        pipe.getCreatedAtMs(),
        pipe.getName(),
        "sender",
        pipe.getSink().getName(),
        pipe.getStatus(),
        "SyncDelOp=%b,DataStartTimestamp=%d"
            .formatted(pipe.isSyncDeletions(), pipe.getStartTimeMs()),
        view.getHealth());
  }

  private static Line arriving(ReceivedPipe pipe) {
    return new Line(
        pipe.getCreatedAtMs(),
        pipe.getName(),
        "receiver",
        pipe.getSenderAddress(),
        pipe.getStatus(),
        "Database='" + pipe.getDatabase() + "'",
        pipe.getHealth());
  }

  private static StatusException refused(String text) {
    return new StatusException(StatusCode.PIPE_ERROR, text);
  }

  private record Line(
      long createdAtMs,
      String name,
      String role,
      String remote,
      PipeStatus status,
      String attributes,
      PipeHealth message) {}
}
