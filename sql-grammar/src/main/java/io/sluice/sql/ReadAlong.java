package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import java.util.Locale;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTreeListener;
import org.antlr.v4.runtime.tree.TerminalNode;

/**
 * Listens while the parser reads: takes each row of an INSERT out of the tree as soon as it is
 * whole, so that a long statement costs its values and not its tree, and stops at clauses that are
 * refused whatever follows them.
 */
final class ReadAlong implements ParseTreeListener {
  private final Moment moment;
  private final BoundedLexer lexer;
  private InsertRows rows;

  ReadAlong(Moment moment, BoundedLexer lexer) {
    this.moment = moment;
    this.lexer = lexer;
  }

  /** The rows read so far; null before the first. */
  InsertRows rows() {
    return rows;
  }

  @Override
  public void enterEveryRule(ParserRuleContext context) {
    if (context instanceof SqlGrammar.RefusedContext) {
      String words =
          context.getParent().children.stream()
              .filter(TerminalNode.class::isInstance)
              .map(word -> word.getText().toUpperCase(Locale.ROOT))
              .collect(Collectors.joining(" "));
      throw Refusal.notSupported(context, words + " is not supported in SELECT");
    }
  }

  /** Also called for a rule that an error ends early, hence the look at the row's last token. */
  @Override
  public void exitEveryRule(ParserRuleContext context) {
    if (context instanceof SqlGrammar.InsertRowContext row && row.RPAREN() != null) {
      take(row);
    }
  }

  private void take(SqlGrammar.InsertRowContext row) {
    ParserRuleContext all = row.getParent();
    if (rows == null) {
      rows = new InsertRows(((SqlGrammar.InsertContext) all.getParent()).insertColumns(), moment);
    }
    rows.add(row);
    all.children.clear();
    lexer.treeIsEmpty();
  }

  @Override
  public void visitTerminal(TerminalNode node) {
    // A token is read with its rule.
  }

  @Override
  public void visitErrorNode(ErrorNode node) {
    // Reading stops at the first error, so no tree ever holds one.
  }
}
