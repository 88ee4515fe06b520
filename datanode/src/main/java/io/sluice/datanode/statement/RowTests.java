package io.sluice.datanode.statement;

import io.sluice.common.path.PathPattern;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.ClusterRegions;
import io.sluice.sql.statement.RowCondition;
import java.util.ArrayList;
import java.util.List;

/** Binds a WHERE to the series its paths stand for; they are read along with the query's own. */
final class RowTests {
  private final ClusterRegions regions;
  private final List<List<String>> prefixes;
  private final ScanPlan plan;

  /**
   * @param prefixes of the FROM, which paths of the condition come after
   * @param plan gets the series of the condition
   */
  RowTests(ClusterRegions regions, List<List<String>> prefixes, ScanPlan plan) {
    this.regions = regions;
    this.prefixes = prefixes;
    this.plan = plan;
  }

  /** A path that matches no series has no value in any row. */
  RowTest of(RowCondition condition) throws StatusException {
    if (condition instanceof RowCondition.And and) {
      return all(each(and.parts()));
    }
    if (condition instanceof RowCondition.Or or) {
      List<RowTest> parts = each(or.parts());
      return (block, row) -> parts.stream().anyMatch(part -> part.holds(block, row));
    }
    if (condition instanceof RowCondition.IsNull isNull) {
      List<RowTest> tests = new ArrayList<>();
      for (RowValue value : series(isNull.suffix())) {
        tests.add((block, row) -> (value.of(block, row) == null) != isNull.negated());
      }
      return tests.isEmpty() ? (block, row) -> !isNull.negated() : all(tests);
    }
    return compare((RowCondition.Compare) condition);
  }

  private List<RowTest> each(List<RowCondition> conditions) throws StatusException {
    List<RowTest> tests = new ArrayList<>();
    for (RowCondition condition : conditions) {
      tests.add(of(condition));
    }
    return tests;
  }

  private static RowTest all(List<RowTest> tests) {
    return (block, row) -> tests.stream().allMatch(test -> test.holds(block, row));
  }

  private RowTest compare(RowCondition.Compare compare) throws StatusException {
    List<RowTest> tests = new ArrayList<>();
    for (RowValue left : values(compare.left())) {
      for (RowValue right : values(compare.right())) {
        tests.add(RowValue.compared(left, compare.operator(), right));
      }
    }
    return tests.isEmpty() ? (block, row) -> false : all(tests);
  }

  private List<RowValue> values(RowCondition.Operand operand) throws StatusException {
    if (operand instanceof RowCondition.Time) {
      return List.of(RowValue.time());
    }
    return operand instanceof RowCondition.Path path
        ? series(path.suffix())
        : List.of(RowValue.constant(((RowCondition.Constant) operand).value()));
  }

  private List<RowValue> series(List<String> suffix) throws StatusException {
    List<PathPattern> patterns = new ArrayList<>();
    for (List<String> prefix : prefixes) {
      List<String> nodes = new ArrayList<>(prefix);
      nodes.addAll(suffix);
      patterns.add(PathPattern.of(nodes));
    }
    List<RowValue> values = new ArrayList<>();
    for (SelectedSeries.Found found : SelectedSeries.matching(regions, patterns)) {
      values.add(RowValue.series(found.series(), plan.place(found)));
    }
    if (values.size() > SelectedSeries.COLUMNS_MAX) {
      throw new StatusException(
          StatusCode.SEMANTIC_ERROR,
          "the condition stands for %d series, at most %d are possible"
              .formatted(values.size(), SelectedSeries.COLUMNS_MAX));
    }
    return values;
  }
}
