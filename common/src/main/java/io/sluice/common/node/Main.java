package io.sluice.common.node;

import io.sluice.common.config.Settings;
import io.sluice.common.config.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Starts a node: {@code Main confignode | datanode | standalone}, the last being both in one
 * process. System properties {@code sluice.conf} (folder of the configuration files, default {@code
 * conf}) and {@code sluice.home} (relative folders are below it, default the working folder).
 * Prints one line {@code ready} when it serves; stops cleanly on SIGTERM.
 */
public final class Main {
  /** Exit status when a node cannot start. */
  public static final int EXIT_CANNOT_START = 1;

  private static final int EXIT_USAGE = 2;

  /** Exit status when a node ends because going on would do harm, see {@link NodeFault}. */
  public static final int EXIT_FAULT = 3;

  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    PrintStream out = System.out;
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    List<String> roles =
        switch (arguments.length == 1 ? arguments[0] : "") {
          case "confignode" -> List.of("confignode");
          case "datanode" -> List.of("datanode");
          case "standalone" -> List.of("confignode", "datanode");
          default -> List.of();
        };
    if (roles.isEmpty()) {
      System.err.println("usage: Main confignode | datanode | standalone");
      System.exit(EXIT_USAGE);
    }
    Main main = new Main();
    try {
      main.start(roles);
    } catch (NodeStartException e) {
      // One line for the operator; where it was thrown matters to a developer only.
      LOG.error("cannot start: {}", e.getMessage());
      LOG.debug("where that was found", e);
      System.err.println("sluice: cannot start: " + e.getMessage());
      main.stop();
      System.exit(EXIT_CANNOT_START);
    }
    Runtime.getRuntime().addShutdownHook(new Thread(main::stop, "stop"));
    LOG.info("{} ready", arguments[0]);
    out.println("ready");
    main.stopped.await();
  }

  private void start(List<String> roles) throws NodeStartException {
    Path conf = Path.of(System.getProperty("sluice.conf", "conf"));
    Path home = Path.of(System.getProperty("sluice.home", ""));
    Reconfiguration.Source source = () -> Settings.read(conf, home, System.getenv());
    Settings settings;
    try {
      settings = source.read();
    } catch (IOException | SettingsException e) {
      throw new NodeStartException(e.getMessage(), e);
    }
    settings.warnings().forEach(LOG::warn);
    Reconfiguration reconfiguration = new Reconfiguration(source, settings);
    for (String name : roles) {
      running.push(role(name).start(settings, reconfiguration, Main::fault));
    }
  }

  /** On a thread of its own: whoever noticed may be one of those that are waited for. */
  private static void fault(String why) {
    LOG.error("this node ends: {}", why);
    System.err.println("sluice: this node ends: " + why);
    new Thread(() -> System.exit(EXIT_FAULT), "fault").start();
  }

  private static NodeRole role(String name) throws NodeStartException {
    Optional<NodeRole> found =
        ServiceLoader.load(NodeRole.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(role -> role.name().equals(name))
            .findFirst();
    return found.orElseThrow(() -> new NodeStartException("no " + name + " on the class path"));
  }

  private synchronized void stop() {
    while (!running.isEmpty()) {
      AutoCloseable part = running.pop();
      try {
        part.close();
      } catch (Exception e) {
        LOG.error("could not close {} cleanly; what was acknowledged is in the log", part, e);
      }
    }
    stopped.countDown();
  }
}
