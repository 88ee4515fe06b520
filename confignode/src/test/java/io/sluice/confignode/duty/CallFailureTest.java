package io.sluice.confignode.duty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import org.apache.thrift.transport.TTransportException;
import org.junit.jupiter.api.Test;

/** Put back and seen: a machine that is off named as a lost connection. */
class CallFailureTest {
  private static String said(int type, IOException cause) {
    return CallFailure.cause(new TTransportException(type, cause));
  }

  @Test
  void aStatementSaysWhyANodeWasNotReachedInTheSystemsWords() {
    assertThat(said(TTransportException.NOT_OPEN, new ConnectException("Connection refused")))
        .isEqualTo("Connection refused");
    assertThat(said(TTransportException.NOT_OPEN, new NoRouteToHostException("No route to host")))
        .isEqualTo("No route to host");
    assertThat(said(TTransportException.NOT_OPEN, new SocketTimeoutException("Connect timed out")))
        .isEqualTo("Timeout");
    assertThat(said(TTransportException.END_OF_FILE, new EOFException()))
        .isEqualTo("Connection lost");
  }
}
