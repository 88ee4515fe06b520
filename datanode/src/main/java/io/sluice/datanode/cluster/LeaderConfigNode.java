package io.sluice.datanode.cluster;

import io.sluice.common.net.InternalClients;
import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.MonotonicClock;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.thrift.TException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the leading ConfigNode: the one that answered last is asked first, a follower's hint
 * is followed, then the others in turn, round after round, until an answer comes or the time is up.
 * A call that may change something is sent on a connection of its own and never sent again once it
 * may have arrived; it is given up when another ConfigNode was found to lead meanwhile.
 */
public final class LeaderConfigNode implements ConfigNodeClient {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderConfigNode.class);

  /** Hints followed in one round: two nodes that name each other must not keep a call for ever. */
  private static final int HINTS_PER_ROUND_MAX = 4;

  private final Options options;
  private final MonotonicClock clock;
  private final InternalClients<ConfigNodeService.Client> writing;
  private final InternalClients<ConfigNodeService.Client> reading;
  private final SuccessorProbe successors;
  private final List<Endpoint> seeds;
  private volatile List<Endpoint> known;
  private volatile Endpoint leader;

  /** The one that failed last; asked after the others unless it leads. */
  private volatile Endpoint failing;

  /**
   * @param connectTimeoutMs for opening a connection to one ConfigNode
   * @param answerTimeoutMs how long a changing call, once sent, may take: a pipe statement visits
   *     every DataNode
   * @param readAnswerTimeoutMs how long a reading call may take on one ConfigNode
   * @param suspectMs how long a changing call may take before others are asked who leads
   * @param totalMs until when a changing call is still tried on another ConfigNode
   * @param readTotalMs the same for a reading call
   * @param pauseMs between two rounds, while there is no leader
   */
  public record Options(
      int connectTimeoutMs,
      int answerTimeoutMs,
      int readAnswerTimeoutMs,
      long suspectMs,
      long totalMs,
      long readTotalMs,
      long pauseMs) {
    public static final Options DEFAULT =
        new Options(1_000, 60_000, 3_000, 3_000, 10_000, 5_000, 100);
  }

  /**
   * @param seeds ConfigNodes named in the configuration, asked when no other is known
   */
  public LeaderConfigNode(List<Endpoint> seeds, Options options, MonotonicClock clock) {
    this.options = options;
    this.clock = clock;
    this.seeds = List.copyOf(seeds);
    this.known = this.seeds;
    var factory = new ConfigNodeService.Client.Factory();
    this.writing =
        new InternalClients<>(factory, options.connectTimeoutMs(), options.answerTimeoutMs());
    this.reading =
        new InternalClients<>(factory, options.connectTimeoutMs(), options.readAnswerTimeoutMs());
    this.successors = new SuccessorProbe(() -> known, options.suspectMs(), clock);
  }

  /** The cluster's ConfigNodes as of now; the seeds stay as a last resort. */
  public void configNodes(List<Endpoint> endpoints) {
    Set<Endpoint> all = new LinkedHashSet<>(endpoints);
    all.addAll(seeds);
    known = List.copyOf(all);
  }

  @Override
  public <T> T call(Call<T> call) throws StatusException {
    return ask(
        node ->
            writing.callFresh(
                node, successors.patience(node), client -> call.run(RedirectedCall.over(client))),
        options.totalMs(),
        false);
  }

  @Override
  public <T> T read(Call<T> call) throws StatusException {
    return ask(
        node -> reading.callIdempotent(node, client -> call.run(RedirectedCall.over(client))),
        options.readTotalMs(),
        true);
  }

  @Override
  public void close() {
    writing.close();
    reading.close();
    successors.close();
  }

  private interface Attempt<T> {
    T on(Endpoint node) throws TException;
  }

  private <T> T ask(Attempt<T> attempt, long totalMs, boolean repeatable) throws StatusException {
    long deadlineMs = clock.nowMs() + totalMs;
    Map<Endpoint, String> failures = new LinkedHashMap<>();
    while (true) {
      Deque<Endpoint> round = new ArrayDeque<>(candidates());
      int hints = 0;
      while (!round.isEmpty()) {
        Endpoint node = round.pop();
        try {
          T answer = attempt.on(node);
          leader = node;
          return answer;
        } catch (NotLeaderException e) {
          failures.put(node, "does not lead");
          if (e.leader() != null && hints++ < HINTS_PER_ROUND_MAX) {
            round.remove(e.leader());
            round.push(e.leader());
          }
        } catch (TException e) {
          failures.put(node, RemoteFailure.text(e));
          failed(node);
          if (!repeatable && !RemoteFailure.neverSent(e)) {
            throw new StatusException(StatusCode.INTERNAL_ERROR, unknownOutcome(node, e), e);
          }
          LOG.debug("ConfigNode {} failed", text(node), e);
        }
        if (clock.nowMs() >= deadlineMs) {
          throw new StatusException(StatusCode.INTERNAL_ERROR, noAnswer(failures));
        }
      }
      pause(failures);
    }
  }

  /** The next call asks the others first: whoever failed once may hang. */
  private void failed(Endpoint node) {
    failing = node;
    if (node.equals(leader)) {
      leader = null;
    }
  }

  private List<Endpoint> candidates() {
    Endpoint first = leader;
    Endpoint last = failing;
    return Stream.concat(Stream.ofNullable(first), known.stream())
        .distinct()
        .sorted(Comparator.comparing(node -> node.equals(last) && !node.equals(first)))
        .toList();
  }

  private void pause(Map<Endpoint, String> failures) throws StatusException {
    try {
      TimeUnit.MILLISECONDS.sleep(options.pauseMs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StatusException(StatusCode.INTERNAL_ERROR, noAnswer(failures), e);
    }
  }

  private static String noAnswer(Map<Endpoint, String> failures) {
    StringBuilder text = new StringBuilder("No ConfigNode answers as leader:");
    failures.forEach((node, why) -> text.append(' ').append(text(node)).append(" (" + why + ")"));
    return text.toString();
  }

  private static String unknownOutcome(Endpoint node, TException e) {
    return "ConfigNode "
        + text(node)
        + " was asked but did not answer ("
        + RemoteFailure.text(e)
        + "): the statement may have taken effect, please check before you repeat it";
  }

  private static String text(Endpoint node) {
    return node.getHost() + ":" + node.getPort();
  }
}
