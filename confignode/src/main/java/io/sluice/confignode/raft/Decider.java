package io.sluice.confignode.raft;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.common.time.WallClock;
import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Command;
import io.sluice.confignode.core.Record;
import io.sluice.confignode.format.Proposal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that decides. Commands that wait together are decided one after another, each on
 * the image the one before would leave, and go into one proposal: one fsync for all.
 */
public final class Decider implements AutoCloseable {
  /**
   * @param records the command's facts, empty when it changed nothing
   * @param image in which they are facts
   */
  public record Decided(List<Record> records, ClusterImage image) {}

  /** Commands waiting at most; more are refused, the caller tries again. */
  private static final int WAITING_MAX = 4096;

  /** Records of one proposal, in bytes, after which no further command is added. */
  private static final int PROPOSAL_BYTES = 256 << 10;

  /** One command's records at most. */
  private static final int COMMAND_BYTES_MAX = 1 << 20;

  /** Times a batch is decided again because the image had moved on. */
  private static final int TRIES_MAX = 10;

  private static final Logger LOG = LoggerFactory.getLogger(Decider.class);

  private final MetadataGroup group;
  private final WallClock clock;
  private final long proposalTimeoutMs;
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(WAITING_MAX);
  private final Thread thread;
  private volatile boolean closed;

  private static final long ANY_TERM = -1;

  /** {@code term} is the one it is to be decided in, or {@link #ANY_TERM}. */
  private record Waiting(Command command, long term, CompletableFuture<Decided> answer) {}

  /** Decided but not yet a fact: either records or a refusal. */
  private record Pending(Waiting waiting, List<Record> records, StatusException refusal) {}

  /**
   * @param proposalTimeoutMs after which a proposal's outcome counts as unknown
   */
  public Decider(MetadataGroup group, WallClock clock, long proposalTimeoutMs) {
    this.group = group;
    this.clock = clock;
    this.proposalTimeoutMs = proposalTimeoutMs;
    this.thread = new Thread(this::run, "decider");
    thread.setDaemon(true);
  }

  public void start() {
    thread.start();
  }

  /**
   * The answer comes once the command's records are facts. It ends exceptionally with a {@link
   * StatusException} (refused: no effect), a {@link NotLeadingException} (no effect) or an {@link
   * UnknownOutcomeException}.
   */
  public CompletableFuture<Decided> submit(Command command) {
    return submit(command, ANY_TERM);
  }

  /**
   * The same in one term of this member's leadership only: in between, others may have led and gone
   * on with what the command is about.
   */
  public CompletableFuture<Decided> submit(Command command, long term) {
    var answer = new CompletableFuture<Decided>();
    if (!queue.offer(new Waiting(command, term, answer))) {
      answer.completeExceptionally(
          new StatusException(
              StatusCode.INTERNAL_ERROR, "this ConfigNode has too much to decide, try again"));
    }
    if (closed) {
      failWaiting();
    }
    return answer;
  }

  private void run() {
    Deque<Waiting> batch = new ArrayDeque<>();
    while (!closed) {
      try {
        batch.add(queue.take());
        queue.drainTo(batch);
        while (!batch.isEmpty()) {
          decide(batch);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (RuntimeException e) {
        LOG.error("a decision failed, which is a fault of this program", e);
        batch.forEach(waiting -> waiting.answer().completeExceptionally(e));
        batch.clear();
      }
    }
    failAll(batch, new NotLeadingException());
    failWaiting();
  }

  /** After closing: whoever comes last leaves nobody waiting. */
  private void failWaiting() {
    Deque<Waiting> left = new ArrayDeque<>();
    queue.drainTo(left);
    failAll(left, new NotLeadingException());
  }

  /** Takes one proposal's worth of commands off {@code batch} and answers them. */
  private void decide(Deque<Waiting> batch) throws InterruptedException {
    for (int tries = 0; tries < TRIES_MAX; tries++) {
      OptionalLong term = group.leadingTerm();
      if (term.isEmpty()) {
        failAll(batch, new NotLeadingException());
        return;
      }
      failOtherTerms(batch, term.getAsLong());
      ClusterImage base = group.image();
      List<Pending> pending = decideOn(base, batch);
      List<Record> records = new ArrayList<>();
      pending.forEach(p -> records.addAll(p.records()));
      MetadataGroup.Outcome outcome = MetadataGroup.Outcome.TOOK_EFFECT;
      if (!records.isEmpty()) {
        var proposal = new Proposal(UUID.randomUUID(), term.getAsLong(), base.revision(), records);
        try {
          outcome = group.propose(proposal, proposalTimeoutMs);
        } catch (UnknownOutcomeException e) {
          pending.forEach(p -> fail(batch, p, e));
          return;
        } catch (InterruptedException e) {
          pending.forEach(
              p -> fail(batch, p, new UnknownOutcomeException("this ConfigNode is closing", e)));
          throw e;
        }
      }
      switch (outcome) {
        case TOOK_EFFECT -> {
          ClusterImage image = group.image();
          pending.forEach(p -> answer(batch, p, image));
          return;
        }
        case LOST -> {
          pending.forEach(p -> fail(batch, p, new NotLeadingException()));
          return;
        }
        case PASSED_OVER ->
            LOG.debug("deciding again: the image moved on from {}", base.revision());
      }
    }
    failAll(
        batch,
        new StatusException(StatusCode.INTERNAL_ERROR, "the metadata changes too fast, try again"));
  }

  private static void failOtherTerms(Deque<Waiting> batch, long term) {
    batch.removeIf(
        waiting -> {
          boolean other = waiting.term() != ANY_TERM && waiting.term() != term;
          if (other) {
            waiting.answer().completeExceptionally(new NotLeadingException());
          }
          return other;
        });
  }

  private List<Pending> decideOn(ClusterImage base, Deque<Waiting> batch) {
    List<Pending> pending = new ArrayList<>();
    ClusterImage image = base;
    int bytes = 0;
    long nowMs = clock.nowMs();
    for (Waiting waiting : batch) {
      try {
        List<Record> records = waiting.command().decide(image, nowMs);
        int size = Proposal.sizeBytes(records);
        if (size > COMMAND_BYTES_MAX) {
          throw new StatusException(
              StatusCode.ILLEGAL_PARAMETER,
              "the statement makes " + size + " bytes of metadata, at most " + COMMAND_BYTES_MAX);
        }
        image = image.replay(records);
        bytes += size;
        pending.add(new Pending(waiting, records, null));
      } catch (StatusException e) {
        pending.add(new Pending(waiting, List.of(), e));
      }
      if (bytes >= PROPOSAL_BYTES) {
        break;
      }
    }
    return pending;
  }

  private static void answer(Deque<Waiting> batch, Pending pending, ClusterImage image) {
    batch.remove(pending.waiting());
    if (pending.refusal() != null) {
      pending.waiting().answer().completeExceptionally(pending.refusal());
    } else {
      pending.waiting().answer().complete(new Decided(pending.records(), image));
    }
  }

  private static void fail(Deque<Waiting> batch, Pending pending, Exception why) {
    batch.remove(pending.waiting());
    pending.waiting().answer().completeExceptionally(why);
  }

  private static void failAll(Deque<Waiting> batch, Exception why) {
    batch.forEach(waiting -> waiting.answer().completeExceptionally(why));
    batch.clear();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
