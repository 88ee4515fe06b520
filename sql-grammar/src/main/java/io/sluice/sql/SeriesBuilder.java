package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.statement.Attribute;
import io.sluice.sql.statement.SeriesStatement;
import io.sluice.sql.statement.SeriesStatement.Definition;
import java.util.List;
import java.util.Locale;

/** CREATE [ALIGNED] TIMESERIES from its tree, in every spelling. */
final class SeriesBuilder {
  private SeriesBuilder() {}

  static SeriesStatement.Create create(SqlGrammar.CreateTimeseriesContext context) {
    refuseExtras(context.alias(), context.tagging());
    List<String> path = Words.exact(context.path());
    if (path.size() < 2) {
      throw Refusal.semantic(String.join(".", path) + " is not a legal path of a timeseries");
    }
    int last = path.size() - 1;
    return new SeriesStatement.Create(
        path.subList(0, last), false, List.of(definition(path.get(last), context.definition())));
  }

  static SeriesStatement.Create createAligned(SqlGrammar.CreateAlignedTimeseriesContext context) {
    return new SeriesStatement.Create(
        Words.exact(context.path()),
        true,
        context.alignedColumn().stream().map(SeriesBuilder::alignedColumn).toList());
  }

  private static Definition alignedColumn(SqlGrammar.AlignedColumnContext column) {
    refuseExtras(column.alias(), column.tagging());
    return definition(Words.node(column.identifier()), column.definition());
  }

  private static void refuseExtras(
      SqlGrammar.AliasContext alias, List<SqlGrammar.TaggingContext> tagging) {
    if (alias != null) {
      throw Refusal.semantic("An alias of a timeseries is not supported");
    }
    if (!tagging.isEmpty()) {
      throw Refusal.semantic("TAGS and ATTRIBUTES of a timeseries are not supported");
    }
  }

  private static Definition definition(
      String measurement, SqlGrammar.DefinitionContext definition) {
    String dataType = definition.type == null ? null : upper(definition.type.getText());
    String encoding = null;
    String compressor = null;
    for (Attribute attribute : Words.attributes(definition.attribute())) {
      String value = upper(attribute.value());
      switch (upper(attribute.name())) {
        case "DATATYPE" -> dataType = once(dataType, value, "DATATYPE");
        case "ENCODING" -> encoding = once(encoding, value, "ENCODING");
        case "COMPRESSOR", "COMPRESSION" -> compressor = once(compressor, value, "COMPRESSOR");
        default ->
            throw Refusal.semantic(
                "Timeseries attribute "
                    + Refusal.shown(attribute.name())
                    + " is not supported; DATATYPE, ENCODING and COMPRESSOR are");
      }
    }
    if (dataType == null) {
      throw Refusal.semantic("The data type of " + Refusal.shown(measurement) + " must be given");
    }
    return new Definition(measurement, dataType, encoding, compressor);
  }

  private static String once(String before, String value, String attribute) {
    if (before != null) {
      throw Refusal.semantic(attribute + " is given twice");
    }
    return value;
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }
}
