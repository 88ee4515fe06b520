package io.sluice.datanode.rpc;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.function.Function;
import org.apache.iotdb.common.rpc.thrift.TSStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What every call goes through: the login check, and that nothing is thrown at the client, which
 * would take it for a broken network and repeat the call for minutes.
 */
final class CallGuard {
  private static final Logger LOG = LoggerFactory.getLogger(CallGuard.class);

  private final ClientSession session;
  private final Credentials credentials;
  private final ClientConnection connection;

  CallGuard(ClientSession session, Credentials credentials, ClientConnection connection) {
    this.session = session;
    this.credentials = credentials;
    this.connection = connection;
  }

  /** The work of a call. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws StatusException;
  }

  /** A call of the session {@code sessionId} that answers a status alone. */
  TSStatus status(String call, long sessionId, Work<TSStatus> work) {
    return answer(call, sessionId, work, status -> status);
  }

  /**
   * @param refusal makes the call's answer of a status that is no success
   */
  <T> T answer(String call, long sessionId, Work<T> work, Function<TSStatus, T> refusal) {
    if (!session.is(sessionId) || !credentials.knows(session.user())) {
      return refusal.apply(
          Answers.of(
              StatusCode.NOT_LOGGED_IN, "not logged in, or the session has ended: log in again"));
    }
    return open(call, work, refusal);
  }

  /** The same for calls that need no login. */
  <T> T open(String call, Work<T> work, Function<TSStatus, T> refusal) {
    try {
      return work.run();
    } catch (StatusException e) {
      LOG.debug("{} of {} refused", call, connection.address(), e);
      return refusal.apply(Answers.refused(e));
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("{} of {} failed", call, connection.address(), e);
      return refusal.apply(
          Answers.of(StatusCode.INTERNAL_ERROR, "%s failed in this node: %s".formatted(call, e)));
    }
  }
}
