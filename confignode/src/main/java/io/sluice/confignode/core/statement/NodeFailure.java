package io.sluice.confignode.core.statement;

import io.sluice.confignode.core.Address;
import io.sluice.confignode.core.DataNodeMember;
import java.util.Collection;
import java.util.stream.Collectors;

/** Why a DataNode did not do what it was told, in the words of the pipe statements. */
public record NodeFailure(DataNodeMember node, String cause) {
  /** A node that did not answer in time. */
  public static final String TIMEOUT = "Timeout";

  /** As it stands in a statement's message. */
  public String text() {
    return text("DataNode", node.id(), node.internal(), cause);
  }

  /** The same of a node of either kind. */
  public static String text(String kind, int id, Address internal, String cause) {
    return cause
        + " on "
        + kind
        + ": {id="
        + id
        + ", internalEndPoint=TEndPoint(ip:"
        + internal.host()
        + ", port:"
        + internal.port()
        + ")}";
  }

  /** Each cause with its node, joined by commas. */
  public static String text(Collection<NodeFailure> failures) {
    return failures.stream().map(NodeFailure::text).collect(Collectors.joining(", "));
  }
}
