package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.statement.Attribute;
import io.sluice.sql.statement.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/** Paths, names, attributes and quoted text in the form the statements have them. */
final class Words {
  /** The pattern of every pattern: what SHOW and COUNT mean when none is given. */
  static final List<String> EVERYTHING = List.of("root", "**");

  private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_$@#{}:\\-]+");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");

  private Words() {}

  /** A path that starts at root; wildcards allowed. */
  static List<String> pattern(SqlGrammar.PathContext path) {
    requireOneWord(path);
    List<String> nodes = new ArrayList<>(path.node().size() + 1);
    nodes.add("root");
    path.node().forEach(node -> nodes.add(node(node)));
    return List.copyOf(nodes);
  }

  static List<String> patternOrEverything(SqlGrammar.PathContext path) {
    return path == null ? EVERYTHING : pattern(path);
  }

  static List<List<String>> patterns(List<SqlGrammar.PathContext> paths) {
    return paths.stream().map(Words::pattern).toList();
  }

  /** A path without wildcards. */
  static List<String> exact(SqlGrammar.PathContext path) {
    for (SqlGrammar.NodeContext node : path.node()) {
      if (node.GLOB() != null || node.STAR() != null || node.STARS() != null) {
        throw Refusal.semantic(
            Refusal.textOf(path) + " is not a legal path here: it has a wildcard");
      }
    }
    return pattern(path);
  }

  static List<String> suffix(SqlGrammar.SuffixPathContext path) {
    requireOneWord(path);
    return path.node().stream().map(Words::node).toList();
  }

  private static String node(SqlGrammar.NodeContext node) {
    if (node.identifier() != null) {
      return node(node.identifier());
    }
    String text = node.getText();
    if (node.GLOB() != null && text.substring(1, text.length() - 1).indexOf('*') >= 0) {
      throw Refusal.semantic(
          Refusal.shown(text) + ": a * stands at the beginning or the end of a node");
    }
    return text;
  }

  /** One node of a path: in back-quotes if it needs them, whether or not it was written so. */
  static String node(SqlGrammar.IdentifierContext identifier) {
    String name = name(identifier);
    if (PLAIN.matcher(name).matches() && !DIGITS.matcher(name).matches()) {
      return name;
    }
    return "`" + name.replace("`", "``") + "`";
  }

  /** A name that is no path's node: never in back-quotes. */
  static String name(SqlGrammar.IdentifierContext identifier) {
    return identifier.QUOTED_ID() == null ? identifier.getText() : unquoted(identifier.getText());
  }

  static String name(SqlGrammar.UserNameContext user) {
    return user.identifier() == null ? user.getText() : name(user.identifier());
  }

  static Secret secret(Token string) {
    return new Secret(unquoted(string.getText()));
  }

  /** Takes away the quotes, and one of each two quotes inside. */
  static String unquoted(String text) {
    String quote = text.substring(0, 1);
    return text.substring(1, text.length() - 1).replace(quote + quote, quote);
  }

  static List<Attribute> attributes(List<SqlGrammar.AttributeContext> attributes) {
    return attributes.stream()
        .map(a -> new Attribute(word(a.attributeKey()), word(a.attributeValue())))
        .toList();
  }

  static List<Attribute> sinkAttributes(List<SqlGrammar.SinkAttributeContext> attributes) {
    return attributes.stream()
        .map(a -> new Attribute(word(a.sinkKey()), word(a.attributeValue())))
        .toList();
  }

  private static String word(ParserRuleContext context) {
    if (context.getChildCount() == 1) {
      ParseTree only = context.getChild(0);
      if (only instanceof SqlGrammar.IdentifierContext identifier) {
        return name(identifier);
      }
      if (only instanceof TerminalNode token && token.getSymbol().getType() == SqlGrammar.STRING) {
        return unquoted(token.getText());
      }
    }
    return context.getText();
  }

  /** Blanks are no part of a path, though they are of no meaning to the grammar. */
  private static void requireOneWord(ParserRuleContext path) {
    int spanned = path.getStop().getStopIndex() - path.getStart().getStartIndex() + 1;
    String text = path.getText();
    if (text.codePointCount(0, text.length()) != spanned) {
      throw Refusal.syntax(
          path.getStart().getLine(),
          path.getStart().getCharPositionInLine(),
          "blank inside the path '" + Refusal.textOf(path) + "'");
    }
  }
}
