package io.sluice.sql.statement;

import java.util.List;

/**
 * What a row must hold to be answered. NOT is already moved inwards, so that a comparison with a
 * missing value counts as false everywhere.
 */
public sealed interface RowCondition {
  /** True when all are. */
  record And(List<RowCondition> parts) implements RowCondition {}

  /** True when any is. */
  record Or(List<RowCondition> parts) implements RowCondition {}

  /** A path with wildcards, or after several prefixes, must hold for every series it matches. */
  record Compare(Operand left, Operator operator, Operand right) implements RowCondition {}

  /** Whether a series has no point at the row's time, or, {@code negated}, has one. */
  record IsNull(List<String> suffix, boolean negated) implements RowCondition {}

  /** What is compared. */
  sealed interface Operand {}

  /** The row's time stamp. */
  record Time() implements Operand {}

  /** The value of a series: a path after every prefix of the FROM. */
  record Path(List<String> suffix) implements Operand {}

  record Constant(Literal value) implements Operand {}

  /** How two values are to stand to each other. */
  enum Operator {
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    EQUAL,
    NOT_EQUAL;

    /** What holds exactly when this does not, for values that are there. */
    public Operator negated() {
      return switch (this) {
        case LESS -> GREATER_OR_EQUAL;
        case LESS_OR_EQUAL -> GREATER;
        case GREATER -> LESS_OR_EQUAL;
        case GREATER_OR_EQUAL -> LESS;
        case EQUAL -> NOT_EQUAL;
        case NOT_EQUAL -> EQUAL;
      };
    }

    /**
     * @param order of the two values, as a comparator has it
     */
    public boolean holds(int order) {
      return switch (this) {
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
      };
    }
  }
}
