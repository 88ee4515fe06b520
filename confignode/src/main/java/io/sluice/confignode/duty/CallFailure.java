package io.sluice.confignode.duty;

import io.sluice.common.rpc.Status;
import io.sluice.common.status.StatusCode;
import io.sluice.confignode.core.DataNodeMember;
import io.sluice.confignode.core.statement.NodeFailure;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.util.Optional;
import org.apache.thrift.TException;
import org.apache.thrift.transport.TTransportException;

/** Why a DataNode did not do what it was told, in the words of the pipe statements. */
public record CallFailure(DataNodeMember node, String cause) {
  static CallFailure of(DataNodeMember node, TException failure) {
    return new CallFailure(node, cause(failure));
  }

  static String cause(TException failure) {
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof ConnectException) {
        return "Connection refused";
      }
      if (at instanceof NoRouteToHostException) { // its machine is off, or off the network
        return "No route to host";
      }
      if (at instanceof SocketTimeoutException
          || at instanceof TTransportException transport
              && transport.getType() == TTransportException.TIMED_OUT) {
        return NodeFailure.TIMEOUT;
      }
    }
    return failure instanceof TTransportException ? "Connection lost" : failure.toString();
  }

  /** Empty when the answer is success. */
  static Optional<CallFailure> of(DataNodeMember node, Status answer) {
    return answer.getCode() == StatusCode.SUCCESS
        ? Optional.empty()
        : Optional.of(new CallFailure(node, answer.getMessage()));
  }

  /** As it stands in a pipe statement's message. */
  public String text() {
    return new NodeFailure(node, cause).text();
  }
}
