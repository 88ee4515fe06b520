package io.sluice.datanode.cluster;

import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Which node one call asks next: the likeliest leader first, then whom it names, then the others,
 * round after round with a pause and a look at the catalog between them, until the region has been
 * without a leader for too long. Used by one thread.
 */
final class LeaderSearch {
  /** Hints followed in one round: two nodes that name each other must not keep a call for ever. */
  private static final int HINTS_PER_ROUND_MAX = 4;

  private final UUID region;
  private final RegionRoutes routes;
  private final Deque<DataNodeLocation> round = new ArrayDeque<>();

  /** Nodes that did not answer in this round: nobody's word sends the call there again. */
  private final Set<Integer> silent = new HashSet<>();

  private int hintsLeft;
  private boolean asked;
  private ElsewhereException last;

  record Candidate(int nodeId, Replica replica) {}

  LeaderSearch(UUID region, RegionRoutes routes) {
    this.region = region;
    this.routes = routes;
  }

  /**
   * The next one to ask.
   *
   * @throws StatusException code 306 when the time is up, 500 when the region was dropped
   */
  Candidate next() throws StatusException {
    while (round.isEmpty()) {
      if (asked) {
        giveUpOrPause();
      }
      asked = true;
      silent.clear();
      hintsLeft = HINTS_PER_ROUND_MAX;
      round.addAll(routes.likeliestFirst(region));
    }
    DataNodeLocation node = round.pop();
    return new Candidate(node.getId(), routes.replica(region, node));
  }

  /** That one did not do it. */
  void failed(Candidate candidate, ElsewhereException why) throws StatusException {
    last = why;
    routes.doesNotLead(region, candidate.nodeId(), why.unanswered());
    if (why.unanswered()) {
      silent.add(candidate.nodeId());
    }
    if (why.leader().isPresent() && hintsLeft > 0 && !silent.contains(why.leader().getAsInt())) {
      hintsLeft--;
      int leader = why.leader().getAsInt();
      round.removeIf(node -> node.getId() == leader);
      routes.dataNode(leader).ifPresent(round::push);
    }
  }

  private void giveUpOrPause() throws StatusException {
    if (routes.leaderlessTooLong(region)) {
      throw new StatusException(
          StatusCode.DISPATCH_ERROR,
          "Region "
              + region
              + " has no leader that answers"
              + (last != null && last.unanswered() ? " (" + last.getMessage() + ")" : "")
              + "; please try again later",
          last);
    }
    try {
      TimeUnit.MILLISECONDS.sleep(routes.options().pauseMs());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StatusException(StatusCode.INTERNAL_ERROR, "interrupted", e);
    }
    routes.refreshCatalog(region);
  }
}
