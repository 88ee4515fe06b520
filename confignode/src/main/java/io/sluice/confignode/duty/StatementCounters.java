package io.sluice.confignode.duty;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.confignode.core.PipeProcedure.Operation;
import java.util.Locale;

/** Counts how pipe procedures ended. Thread-safe. */
final class StatementCounters {
  /** How a procedure ended; the name in lower case is the meter's tag. */
  enum Outcome {
    DONE,
    /** Some DataNode was not reached or refused: undone, or left in status DROP. */
    FAILED,
    /** Left by an earlier leader: undone, or left in status DROP. */
    TAKEN_OVER
  }

  private static final String NAME = "sluice.pipe.procedures";

  private final MeterRegistry registry;

  StatementCounters(MeterRegistry registry) {
    this.registry = registry;
  }

  void ended(Operation operation, Outcome outcome) {
    Counter.builder(NAME)
        .description("pipe procedures by operation and outcome")
        .tag("operation", operation.name().toLowerCase(Locale.ROOT))
        .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
  }
}
