package io.sluice.cli.storm;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iotdb.rpc.StatementExecutionException;

/** What clients were told while nodes were down, counted by kind. Thread-safe. */
final class Refusals {
  private static final int KIND_CHARS_MAX = 110;
  private static final long SLOW_MS = 10_000;

  private final Map<String, Integer> countByKind = new TreeMap<>();

  synchronized void add(Exception refusal) {
    String code =
        refusal instanceof StatementExecutionException answered
            ? Integer.toString(answered.getStatusCode())
            : refusal.getClass().getSimpleName();
    String text = String.valueOf(refusal.getMessage()).replaceAll("[0-9]+", "N");
    String kind = code + " " + text.lines().findFirst().orElse("");
    countByKind.merge(kind.substring(0, Math.min(kind.length(), KIND_CHARS_MAX)), 1, Integer::sum);
  }

  /** Notes an answer, good or bad, that came late. */
  synchronized void slow(long tookMs, InetSocketAddress dataNode) {
    if (tookMs >= SLOW_MS) {
      countByKind.merge(
          "(answers from %s after %d s)".formatted(dataNode, tookMs / 1_000), 1, Integer::sum);
    }
  }

  synchronized int total() {
    return countByKind.values().stream().mapToInt(Integer::intValue).sum();
  }

  synchronized Map<String, Integer> byKind() {
    return new TreeMap<>(countByKind);
  }
}
