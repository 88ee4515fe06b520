package io.sluice.datanode.cluster;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import org.apache.thrift.TException;
import org.apache.thrift.transport.TTransportException;

/** Failed remote calls in words that name the cause and the node. */
final class RemoteFailure {
  private RemoteFailure() {}

  /** The cause in a few words, as a person would say it. */
  static String text(TException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException) {
        return "Connection refused";
      }
      if (cause instanceof NoRouteToHostException) { // its machine is off, or off the network
        return "No route to host";
      }
      if (cause instanceof SocketTimeoutException) {
        return "timed out";
      }
    }
    String message = e.getMessage();
    return message == null || message.isBlank() ? "connection closed" : message;
  }

  /** True when the call cannot have reached the node. */
  static boolean neverSent(TException e) {
    return e instanceof TTransportException transport
        && transport.getType() == TTransportException.NOT_OPEN;
  }

  /** Code 306 with the node and the cause, in the form of the reference page. */
  static StatusException unreachable(DataNodeLocation node, TException e) {
    return new StatusException(StatusCode.DISPATCH_ERROR, unreachableText(node, e), e);
  }

  static String unreachableText(DataNodeLocation node, TException e) {
    return text(e)
        + " on DataNode: {id="
        + node.getId()
        + ", internalEndPoint=TEndPoint(ip:"
        + node.getInternal().getHost()
        + ", port:"
        + node.getInternal().getPort()
        + ")}";
  }
}
