package io.sluice.it.containers;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** The condition of {@link NeedsEngine}. */
final class EngineAnswers implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    String why = whyNot();
    if (why.isEmpty()) {
      return ConditionEvaluationResult.enabled("an engine answers");
    }
    if (Boolean.parseBoolean(System.getenv("CI"))) {
      throw new IllegalStateException("CI=true, and no Docker engine answers: " + why);
    }
    String reason =
        "no Docker engine answers (" + why + "); docker/with-engine.sh makes one available";
    System.out.println("SKIPPED, NOT PASSED: " + context.getDisplayName() + ": " + reason);
    return ConditionEvaluationResult.disabled(reason);
  }

  /** Empty when an engine answers. */
  private static String whyNot() {
    try {
      DockerClientFactory.instance().client();
      return "";
    } catch (IllegalStateException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
