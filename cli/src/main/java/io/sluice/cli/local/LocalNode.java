package io.sluice.cli.local;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * One node as a process of its own. Confined to one thread, but {@link #kill9} may come from any.
 */
public final class LocalNode implements AutoCloseable {
  private static final long START_MS_MAX = 300_000;
  private static final long STOP_MS_MAX = 60_000;
  private static final long POLL_MS = 20;
  private static final String READY = "ready";

  private final Launcher launcher;
  private final String role;
  private final Path home;
  private final Place place;
  private final Map<String, String> settings;
  private volatile Process process;

  /**
   * How nodes are started.
   *
   * @param script the launcher script
   * @param confFolder the configuration files a node's own start from
   * @param environment set for every node, such as {@code SLUICE_HEAP}
   */
  public record Launcher(Path script, Path confFolder, Map<String, String> environment) {
    /**
     * As the launcher said in the system properties {@code sluice.launcher} and {@code
     * sluice.conf}.
     */
    public static Launcher fromSystem() {
      return new Launcher(
          Path.of(System.getProperty("sluice.launcher", "sluice")).toAbsolutePath(),
          Path.of(System.getProperty("sluice.conf", "conf")).toAbsolutePath(),
          Map.of());
    }
  }

  /**
   * @param role standalone, confignode or datanode
   * @param home the node's folder: conf, data, logs; made when missing
   * @param settings values that differ from the files as shipped
   */
  LocalNode(Launcher launcher, String role, Path home, Place place, Map<String, String> settings) {
    this.launcher = launcher;
    this.role = role;
    this.home = home;
    this.place = place;
    this.settings = new TreeMap<>(settings);
  }

  /** Starts the process and returns when it serves. */
  public void start() throws IOException, InterruptedException {
    begin();
    awaitReady();
  }

  /** Starts the process; {@link #awaitReady} says when it serves. */
  public void begin() throws IOException {
    writeConf();
    List<String> command = new ArrayList<>(List.of(launcher.script().toString(), "run", role));
    command.addAll(List.of("--home", home.toString(), "--conf", home.resolve("conf").toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(launcher.environment());
    builder
        .environment()
        .merge("SLUICE_JAVA_OPTS", String.join(" ", place.javaOptions()), (a, b) -> a + " " + b);
    builder.redirectErrorStream(true);
    Files.writeString(outFile(), "");
    builder.redirectOutput(outFile().toFile());
    place.opens(ports());
    process = builder.start();
  }

  /**
   * @throws IOException with the node's last words when it ended or did not come up in time
   */
  public void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MS_MAX);
    while (!Files.readAllLines(outFile()).contains(READY)) {
      if (process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
        throw new IOException(role + " in " + home + " did not start: " + lastWords());
      }
      if (System.nanoTime() > deadline) {
        throw new IOException(
            role + " in " + home + " is not ready after " + START_MS_MAX + " ms: " + lastWords());
      }
    }
  }

  /** Changes a setting for the next start, or for LOAD CONFIGURATION when the node runs. */
  public void set(String key, String value) throws IOException {
    settings.put(key, value);
    writeConf();
  }

  /** Ends the process at once, as a power cut would; everything it had not made durable is gone. */
  public void kill9() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly().waitFor();
      place.closes();
    }
  }

  /**
   * Stops the process where it is (SIGSTOP): its connections stay open, the system still takes new
   * ones for it, and nothing answers until {@link #resume}. Killing works all the same.
   */
  public void pause() throws IOException, InterruptedException {
    signal("-STOP");
  }

  /** Lets a paused process go on. */
  public void resume() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String signal) throws IOException, InterruptedException {
    List<String> command = List.of("kill", signal, Long.toString(pid()));
    if (new ProcessBuilder(command).start().waitFor() != 0) {
      throw new IOException(String.join(" ", command) + " failed");
    }
  }

  /** Asks the process to end and waits until it has. */
  public void stop() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      if (!running.waitFor(STOP_MS_MAX, TimeUnit.MILLISECONDS)) {
        running.destroyForcibly().waitFor();
      }
      place.closes();
    }
  }

  public boolean alive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  public String role() {
    return role;
  }

  public Path home() {
    return home;
  }

  public int port(String key) {
    return Integer.parseInt(settings.get(key));
  }

  List<String> portKeys() {
    return settings.keySet().stream().filter(key -> key.endsWith("_port")).toList();
  }

  private List<Integer> ports() {
    return portKeys().stream().map(this::port).toList();
  }

  public Place place() {
    return place;
  }

  /** Where clients of a DataNode connect. */
  public InetSocketAddress clientAddress() {
    return new InetSocketAddress(place.address(), port("dn_rpc_port"));
  }

  /** Resident memory, in bytes; 0 where the system does not tell. */
  public long residentBytes() throws IOException {
    Path status = Path.of("/proc/" + pid() + "/status");
    if (!Files.exists(status)) {
      return 0;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    return 0;
  }

  /** What the process has worked since its start; 0 where the system does not tell. */
  public double cpuSeconds() {
    return process.toHandle().info().totalCpuDuration().map(Duration::toMillis).orElse(0L) / 1e3;
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }

  private Path outFile() {
    return home.resolve("out.log");
  }

  private String lastWords() throws IOException {
    List<String> lines = Files.readAllLines(outFile());
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
  }

  /** The files as shipped, with our values in the places of theirs. */
  private void writeConf() throws IOException {
    Path conf = Files.createDirectories(home.resolve("conf"));
    for (String file : List.of("iotdb-common", "iotdb-confignode", "iotdb-datanode")) {
      Path shipped = launcher.confFolder().resolve(file + ".properties");
      StringBuilder text = new StringBuilder();
      for (String line : Files.readAllLines(shipped)) {
        int equals = line.indexOf('=');
        String key = equals > 0 && !line.startsWith("#") ? line.substring(0, equals) : "";
        text.append(settings.containsKey(key) ? key + "=" + settings.get(key) : line).append('\n');
      }
      Files.write(
          conf.resolve(file + ".properties"), text.toString().getBytes(StandardCharsets.UTF_8));
    }
    Files.writeString(
        conf.resolve("logback.xml"),
        Files.readString(launcher.confFolder().resolve("logback.xml")));
  }
}
