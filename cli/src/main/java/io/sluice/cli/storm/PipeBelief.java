package io.sluice.cli.storm;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a client may believe of one pipe (or sink) after the answers it has had: refused means no
 * effect (a DROP may leave status DROP), done means the effect, no answer means either. Nobody else
 * touches the pipe. Confined to one thread.
 */
final class PipeBelief {
  /** As SHOW tells it; a sink that is there counts as STOP. */
  enum Status {
    ABSENT,
    STOP,
    RUNNING,
    DROP
  }

  enum Statement {
    CREATE(EnumSet.of(Status.ABSENT), Status.STOP),
    START(EnumSet.of(Status.STOP, Status.RUNNING), Status.RUNNING),
    STOP(EnumSet.of(Status.STOP, Status.RUNNING), Status.STOP),
    DROP(EnumSet.of(Status.STOP, Status.RUNNING, Status.DROP), Status.ABSENT);

    private final Set<Status> from;
    private final Status to;

    Statement(Set<Status> from, Status to) {
      this.from = from;
      this.to = to;
    }
  }

  enum Answer {
    DONE,
    REFUSED,
    NONE
  }

  private final String name;
  private Set<Status> possible = EnumSet.of(Status.ABSENT);
  private String history = "";

  PipeBelief(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  Set<Status> possible() {
    return EnumSet.copyOf(possible);
  }

  /** Whether doing it could succeed. */
  boolean invites(Statement statement) {
    return possible.stream().anyMatch(statement.from::contains);
  }

  /**
   * Takes an answer in.
   *
   * @return why it cannot be true; empty when it can
   */
  Optional<String> answered(Statement statement, Answer answer) {
    history += " " + statement + "=" + answer;
    boolean invited = invites(statement);
    Optional<String> lie = Optional.empty();
    switch (answer) {
      case DONE -> {
        if (!invited) {
          lie = Optional.of(this + ": done, though that cannot be done then");
        }
        possible = EnumSet.of(statement.to);
      }
      case REFUSED -> {
        if (invited && statement == Statement.DROP) {
          possible.add(Status.DROP);
        }
      }
      case NONE -> {
        if (invited) {
          possible.add(statement.to);
        }
        if (invited && statement == Statement.DROP) {
          possible.add(Status.DROP);
        }
      }
    }
    return lie;
  }

  /**
   * Takes in what SHOW says while no statement is under way.
   *
   * @return why that contradicts the answers; empty when it does not
   */
  Optional<String> shown(Status status) {
    history += " shown=" + status;
    if (!possible.contains(status)) {
      return Optional.of(this + ": shown as " + status);
    }
    possible = EnumSet.of(status);
    return Optional.empty();
  }

  @Override
  public String toString() {
    return name + " may be " + possible + " after" + history;
  }
}
