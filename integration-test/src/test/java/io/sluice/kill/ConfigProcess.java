package io.sluice.kill;

import io.sluice.cli.local.FreePorts;
import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Endpoint;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.thrift.TException;

/** A ConfigNode's folder and the process that runs on it, started again after each halt. */
final class ConfigProcess implements AutoCloseable {
  /** A process that is away for a moment finds its Raft port free when it comes back. */
  private static final FreePorts PORTS = new FreePorts();

  private final int raftPort;
  private final QuickStart quick;
  private final Path folder;
  private final List<String> seeds;
  private final InternalClients<ConfigNodeService.Client> clients =
      new InternalClients<>(new ConfigNodeService.Client.Factory(), 2_000, 30_000);
  private Process process;
  private BufferedReader out;
  private PrintWriter in;
  private volatile CompletableFuture<Integer> port;

  /** Whether it was told of steps to halt at, and not yet that there are none. */
  private boolean armed;

  /** The process is no more: it answers nothing. */
  private static final class EndedException extends IllegalStateException {
    EndedException(String awaited) {
      super("the process ended before it said " + awaited);
    }
  }

  ConfigProcess(QuickStart quick, Path folder, List<String> seeds) throws IOException {
    this.raftPort = PORTS.take(1).get(0);
    this.quick = quick;
    this.folder = folder;
    this.seeds = seeds;
  }

  /**
   * Returns at once; see {@link #awaitUp()}.
   *
   * @param fatal steps to halt at from the first moment on
   */
  synchronized void start(Collection<Step> fatal) {
    try {
      List<String> command = quick.command("-D" + KilledConfigNode.ARMED + "=" + text(fatal));
      command.addAll(List.of(folder.toString(), Integer.toString(raftPort)));
      command.addAll(seeds);
      process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.appendTo(new File(folder + ".err")))
              .start();
      out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      in = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    armed = !fatal.isEmpty();
    BufferedReader from = out;
    port =
        CompletableFuture.supplyAsync(
            () -> Integer.parseInt(answer(from, "port=").substring("port=".length())),
            task -> new Thread(task, "starting").start());
  }

  int awaitUp() throws Exception {
    return port.get(120, TimeUnit.SECONDS);
  }

  private static String answer(BufferedReader from, String prefix) {
    try {
      for (String line = from.readLine(); line != null; line = from.readLine()) {
        if (line.startsWith(prefix)) {
          return line;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new EndedException(prefix);
  }

  boolean isUp() {
    return process.isAlive() && port.isDone() && !port.isCompletedExceptionally();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  CompletableFuture<Integer> ended() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Has it halt at the next of these steps, once it is up: until then its port is read for. */
  synchronized void arm(Collection<Step> fatal) throws Exception {
    awaitUp();
    in.println(text(fatal));
    answer(out, "armed");
    armed = !fatal.isEmpty();
  }

  /**
   * Has it halt no more, where it is armed. It may reach a step until it hears of that, also as the
   * last of several: then it has halted, and is not armed when it is started again.
   */
  synchronized void disarm() throws Exception {
    if (!armed) {
      return;
    }
    try {
      arm(List.of());
    } catch (EndedException | ExecutionException e) {
      if (process.waitFor() != KilledConfigNode.HALTED) {
        throw e;
      }
    }
  }

  private static String text(Collection<Step> steps) {
    return steps.stream().map(Step::toString).collect(Collectors.joining(","));
  }

  /** The pipe table's version and the procedures, as replayed there. */
  synchronized String image() {
    in.println("image");
    return answer(out, "image ").substring("image ".length());
  }

  <T> T call(InternalClients.Call<ConfigNodeService.Client, T> call) throws TException {
    return clients.callFresh(new Endpoint("127.0.0.1", port.join()), call);
  }

  @Override
  public void close() {
    clients.close();
    process.destroyForcibly();
  }
}
