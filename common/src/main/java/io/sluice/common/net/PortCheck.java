package io.sluice.common.net;

import io.sluice.common.config.Parameter;
import io.sluice.common.config.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Looks at a node's ports before anything is opened, so that a taken one is named by its parameter.
 */
public final class PortCheck {
  private PortCheck() {}

  /**
   * @throws IOException in one line that says what to do
   */
  public static void requireFree(
      Settings settings, Parameter<String> address, Parameter<Integer> port) throws IOException {
    String host = settings.get(address);
    int number = settings.get(port);
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(InetAddress.getByName(host), number));
    } catch (IOException e) {
      throw new IOException(
          "%s=%d on %s cannot be used (%s): stop what listens there, or set another port in %s"
              .formatted(port.key(), number, host, e.getMessage(), port.file().fileName()),
          e);
    }
  }
}
