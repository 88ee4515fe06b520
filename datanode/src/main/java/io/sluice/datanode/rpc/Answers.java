package io.sluice.datanode.rpc;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.statement.WriteOutcome;
import java.util.List;
import org.apache.iotdb.common.rpc.thrift.TSStatus;

/** Statuses as clients read them. The text is never null: some clients look into it unasked. */
final class Answers {
  private Answers() {}

  static TSStatus success() {
    return of(StatusCode.SUCCESS, "");
  }

  static TSStatus of(int code, String text) {
    TSStatus status = new TSStatus(code);
    status.setMessage(text == null ? "" : text);
    return status;
  }

  static TSStatus refused(StatusException cause) {
    return of(WriteOutcome.refused(cause));
  }

  static TSStatus of(WriteOutcome outcome) {
    TSStatus status = of(outcome.code(), outcome.text());
    if (outcome.again()) {
      status.setNeedRetry(true);
    }
    return status;
  }

  /** Success when all are; else 302 with one status each, in order. */
  static TSStatus of(List<WriteOutcome> outcomes) {
    WriteOutcome first =
        outcomes.stream().filter(one -> !one.done()).findFirst().orElse(WriteOutcome.DONE);
    if (first.done()) {
      return success();
    }
    TSStatus status = of(StatusCode.MULTIPLE_ERROR, first.text());
    status.setSubStatus(outcomes.stream().map(Answers::of).toList());
    if (outcomes.stream().allMatch(one -> one.done() || one.again())) {
      status.setNeedRetry(true);
    }
    return status;
  }
}
