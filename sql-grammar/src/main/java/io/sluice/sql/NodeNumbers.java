package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.statement.ClusterStatement;
import java.util.List;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Statements that name nodes and regions by their numbers. */
final class NodeNumbers {
  private NodeNumbers() {}

  static ClusterStatement extend(SqlGrammar.ExtendRegionContext context) {
    return new ClusterStatement.ExtendRegions(
        allBut(context.INT(), context.to, null), one(context.to));
  }

  static ClusterStatement remove(SqlGrammar.RemoveRegionContext context) {
    return new ClusterStatement.RemoveRegions(
        allBut(context.INT(), context.from, null), one(context.from));
  }

  static ClusterStatement migrate(SqlGrammar.MigrateRegionContext context) {
    return new ClusterStatement.MigrateRegions(
        allBut(context.INT(), context.from, context.to), one(context.from), one(context.to));
  }

  private static List<Integer> allBut(List<TerminalNode> numbers, Token one, Token other) {
    return all(
        numbers.stream().filter(n -> n.getSymbol() != one && n.getSymbol() != other).toList());
  }

  /** Each once, in the order they are named. */
  static List<Integer> all(List<TerminalNode> numbers) {
    return numbers.stream().map(number -> one(number.getSymbol())).distinct().toList();
  }

  /** Throws a refusal when it is no node's or region's number. */
  static int one(Token number) {
    try {
      return Integer.parseInt(number.getText());
    } catch (NumberFormatException tooLarge) {
      throw Refusal.semantic(Refusal.shown(number.getText()) + " is too large for a number here");
    }
  }
}
