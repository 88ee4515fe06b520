package io.sluice.cli.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.storm.PipeBelief.Answer;
import io.sluice.cli.storm.PipeBelief.Statement;
import io.sluice.cli.storm.PipeBelief.Status;
import org.junit.jupiter.api.Test;

class PipeBeliefTest {
  private final PipeBelief pipe = new PipeBelief("p");

  private void done(Statement... statements) {
    for (Statement statement : statements) {
      assertThat(pipe.answered(statement, Answer.DONE)).isEmpty();
    }
  }

  @Test
  void doneMeansTheEffectAndNothingElse() {
    done(Statement.CREATE, Statement.START);
    assertThat(pipe.possible()).containsExactly(Status.RUNNING);
    done(Statement.STOP, Statement.DROP);
    assertThat(pipe.shown(Status.ABSENT)).isEmpty();
    assertThat(pipe.shown(Status.STOP)).hasValueSatisfying(lie -> lie.contains("shown as STOP"));
  }

  @Test
  void refusedMeansNoEffect() {
    done(Statement.CREATE);
    assertThat(pipe.answered(Statement.START, Answer.REFUSED)).isEmpty();
    assertThat(pipe.shown(Status.RUNNING)).isPresent();
    assertThat(pipe.shown(Status.STOP)).isEmpty();
  }

  @Test
  void aRefusedDropMayLeaveStatusDrop() {
    done(Statement.CREATE);
    pipe.answered(Statement.DROP, Answer.REFUSED);
    assertThat(pipe.possible()).containsExactlyInAnyOrder(Status.STOP, Status.DROP);
    assertThat(pipe.shown(Status.ABSENT)).isPresent();
    assertThat(pipe.shown(Status.DROP)).isEmpty();
    assertThat(pipe.answered(Statement.START, Answer.DONE)).as("it was dropped").isPresent();
  }

  @Test
  void noAnswerMeansEither() {
    pipe.answered(Statement.CREATE, Answer.NONE);
    assertThat(pipe.possible()).containsExactlyInAnyOrder(Status.ABSENT, Status.STOP);
    pipe.answered(Statement.DROP, Answer.NONE);
    assertThat(pipe.possible()).containsExactlyInAnyOrder(Status.ABSENT, Status.STOP, Status.DROP);
    assertThat(pipe.shown(Status.RUNNING)).isPresent();
  }

  @Test
  void doneWhatCannotBeDoneIsALie() {
    assertThat(pipe.answered(Statement.START, Answer.DONE)).isPresent();
    PipeBelief other = new PipeBelief("q");
    other.answered(Statement.CREATE, Answer.DONE);
    assertThat(other.answered(Statement.CREATE, Answer.DONE)).isPresent();
  }
}
