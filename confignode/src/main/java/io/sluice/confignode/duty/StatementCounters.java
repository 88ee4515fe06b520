package io.sluice.confignode.duty;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.sluice.confignode.core.statement.Milestone;
import io.sluice.confignode.core.statement.PipeEffect;
import java.util.Locale;

/** Counts how pipe procedures ended, and how far they came. Thread-safe. */
final class StatementCounters {

  private final MeterRegistry registry;

  StatementCounters(MeterRegistry registry) {
    this.registry = registry;
  }

  void reached(PipeEffect.Reached reached) {
    String operation = reached.operation().name().toLowerCase(Locale.ROOT);
    Counter.builder("sluice.pipe.milestones")
        .description("how often pipe statements came this far")
        .tag("operation", operation)
        .tag("milestone", reached.milestone().name().toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
    if (reached.milestone() == Milestone.ENDED) {
      Counter.builder("sluice.pipe.procedures")
          .description("pipe procedures by operation and outcome")
          .tag("operation", operation)
          .tag("outcome", outcome(reached.course()))
          .register(registry)
          .increment();
    }
  }

  private static String outcome(PipeEffect.Course course) {
    return switch (course) {
      case STRAIGHT -> "done";
      case FAILED -> "failed";
      case TAKEN_OVER -> "taken_over";
    };
  }
}
