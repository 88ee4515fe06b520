package io.sluice.sql;

import io.sluice.sql.grammar.SqlGrammar;
import io.sluice.sql.grammar.SqlGrammarBaseVisitor;
import io.sluice.sql.statement.ClusterStatement;
import io.sluice.sql.statement.DatabaseStatement;
import io.sluice.sql.statement.DeleteData;
import io.sluice.sql.statement.PipeSinkStatement;
import io.sluice.sql.statement.PipeStatement;
import io.sluice.sql.statement.SeriesStatement;
import io.sluice.sql.statement.Statement;
import io.sluice.sql.statement.TtlStatement;
import io.sluice.sql.statement.UserStatement;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;

/** The record for a statement's tree: one method per alternative of rule {@code statement}. */
final class StatementBuilder extends SqlGrammarBaseVisitor<Statement> {
  private final Moment moment;
  private final InsertRows rows;

  /**
   * @param rows what was taken out of the tree while it was read; null if it was no INSERT
   */
  StatementBuilder(Moment moment, InsertRows rows) {
    this.moment = moment;
    this.rows = rows;
  }

  @Override
  public Statement visitSingleStatement(SqlGrammar.SingleStatementContext context) {
    return visit(context.statement());
  }

  // ---- databases

  @Override
  public Statement visitCreateDatabase(SqlGrammar.CreateDatabaseContext context) {
    return new DatabaseStatement.Create(
        Words.exact(context.path()), Words.attributes(context.attribute()));
  }

  @Override
  public Statement visitSetStorageGroup(SqlGrammar.SetStorageGroupContext context) {
    return new DatabaseStatement.Create(Words.exact(context.path()), List.of());
  }

  @Override
  public Statement visitDropDatabases(SqlGrammar.DropDatabasesContext context) {
    return new DatabaseStatement.Drop(Words.patterns(context.path()));
  }

  @Override
  public Statement visitShowDatabases(SqlGrammar.ShowDatabasesContext context) {
    return new DatabaseStatement.Show(Words.patternOrEverything(context.path()));
  }

  @Override
  public Statement visitCountDatabases(SqlGrammar.CountDatabasesContext context) {
    return new DatabaseStatement.Count(Words.patternOrEverything(context.path()));
  }

  @Override
  public Statement visitSetTtl(SqlGrammar.SetTtlContext context) {
    String amount =
        context.INT() != null ? context.INT().getText() + "ms" : context.DURATION().getText();
    long ttlMs = DurationText.shift(0, false, amount, moment.zone());
    if (ttlMs <= 0) {
      throw Refusal.semantic("TTL must be more than 0 ms");
    }
    return new TtlStatement.Set(Words.pattern(context.path()), ttlMs);
  }

  @Override
  public Statement visitUnsetTtl(SqlGrammar.UnsetTtlContext context) {
    return new TtlStatement.Unset(Words.pattern(context.path()));
  }

  @Override
  public Statement visitShowTtl(SqlGrammar.ShowTtlContext context) {
    return new TtlStatement.Show(
        context.ALL() != null ? List.of(Words.EVERYTHING) : Words.patterns(context.path()));
  }

  // ---- time series

  @Override
  public Statement visitCreateTimeseries(SqlGrammar.CreateTimeseriesContext context) {
    return SeriesBuilder.create(context);
  }

  @Override
  public Statement visitCreateAlignedTimeseries(SqlGrammar.CreateAlignedTimeseriesContext context) {
    return SeriesBuilder.createAligned(context);
  }

  @Override
  public Statement visitDropTimeseries(SqlGrammar.DropTimeseriesContext context) {
    return new SeriesStatement.Drop(Words.patterns(context.path()));
  }

  @Override
  public Statement visitShowTimeseries(SqlGrammar.ShowTimeseriesContext context) {
    return new SeriesStatement.Show(
        Words.patternOrEverything(context.path()),
        limit(context.limits()),
        offset(context.limits()));
  }

  @Override
  public Statement visitCountTimeseries(SqlGrammar.CountTimeseriesContext context) {
    return new SeriesStatement.Count(Words.patternOrEverything(context.path()));
  }

  @Override
  public Statement visitShowDevices(SqlGrammar.ShowDevicesContext context) {
    return new SeriesStatement.ShowDevices(
        Words.patternOrEverything(context.path()),
        limit(context.limits()),
        offset(context.limits()));
  }

  @Override
  public Statement visitCountDevices(SqlGrammar.CountDevicesContext context) {
    return new SeriesStatement.CountDevices(Words.patternOrEverything(context.path()));
  }

  private static long limit(SqlGrammar.LimitsContext limits) {
    return limits.limit == null ? 0 : SelectBuilder.limit(limits.limit.getText());
  }

  private static long offset(SqlGrammar.LimitsContext limits) {
    return limits.offset == null ? 0 : SelectBuilder.offset(limits.offset.getText());
  }

  // ---- points

  @Override
  public Statement visitDeleteData(SqlGrammar.DeleteDataContext context) {
    return new DeleteData(
        Words.patterns(context.path()), new TimeCondition(moment).rangeOrAll(context.condition()));
  }

  @Override
  public Statement visitInsert(SqlGrammar.InsertContext context) {
    return rows.insert(Words.exact(context.path()), context.ALIGNED() != null);
  }

  @Override
  public Statement visitSelectStatement(SqlGrammar.SelectStatementContext context) {
    return new SelectBuilder(moment).select(context.select());
  }

  // ---- session, nodes, cluster

  @Override
  public Statement visitFlush(SqlGrammar.FlushContext context) {
    return new ClusterStatement.Flush(Words.patterns(context.path()), local(context.scope()));
  }

  @Override
  public Statement visitLoadConfiguration(SqlGrammar.LoadConfigurationContext context) {
    return new ClusterStatement.LoadConfiguration(local(context.scope()));
  }

  @Override
  public Statement visitScrub(SqlGrammar.ScrubContext context) {
    return new ClusterStatement.Scrub(NodeNumbers.all(context.INT()), local(context.scope()));
  }

  private static boolean local(SqlGrammar.ScopeContext scope) {
    return scope != null && scope.LOCAL() != null;
  }

  @Override
  public Statement visitSetTimeZone(SqlGrammar.SetTimeZoneContext context) {
    SqlGrammar.ZoneContext zone = context.zone();
    String name = zone.STRING() != null ? Words.unquoted(zone.getText()) : zone.getText();
    try {
      return new ClusterStatement.SetTimeZone(ZoneId.of(name));
    } catch (DateTimeException noSuchZone) {
      throw Refusal.semantic(
          "Time zone "
              + Refusal.shown(name)
              + " is not known; examples: +08:00, UTC, Asia/Shanghai");
    }
  }

  @Override
  public Statement visitShowVersion(SqlGrammar.ShowVersionContext context) {
    return new ClusterStatement.ShowVersion();
  }

  @Override
  public Statement visitShowCluster(SqlGrammar.ShowClusterContext context) {
    return new ClusterStatement.ShowCluster(context.DETAILS() != null);
  }

  @Override
  public Statement visitShowClusterId(SqlGrammar.ShowClusterIdContext context) {
    return new ClusterStatement.ShowClusterId();
  }

  @Override
  public Statement visitShowDataNodes(SqlGrammar.ShowDataNodesContext context) {
    return new ClusterStatement.ShowDataNodes();
  }

  @Override
  public Statement visitShowConfigNodes(SqlGrammar.ShowConfigNodesContext context) {
    return new ClusterStatement.ShowConfigNodes();
  }

  @Override
  public Statement visitShowRegions(SqlGrammar.ShowRegionsContext context) {
    ClusterStatement.RegionKind kind = ClusterStatement.RegionKind.ALL;
    if (context.DATA() != null) {
      kind = ClusterStatement.RegionKind.DATA;
    } else if (context.SCHEMA() != null) {
      kind = ClusterStatement.RegionKind.SCHEMA;
    }
    return new ClusterStatement.ShowRegions(kind, Words.patterns(context.path()));
  }

  @Override
  public Statement visitShowVariables(SqlGrammar.ShowVariablesContext context) {
    return new ClusterStatement.ShowVariables();
  }

  @Override
  public Statement visitExtendRegion(SqlGrammar.ExtendRegionContext context) {
    return NodeNumbers.extend(context);
  }

  @Override
  public Statement visitRemoveRegion(SqlGrammar.RemoveRegionContext context) {
    return NodeNumbers.remove(context);
  }

  @Override
  public Statement visitMigrateRegion(SqlGrammar.MigrateRegionContext context) {
    return NodeNumbers.migrate(context);
  }

  @Override
  public Statement visitRemoveDataNodes(SqlGrammar.RemoveDataNodesContext context) {
    return new ClusterStatement.RemoveDataNodes(NodeNumbers.all(context.INT()));
  }

  @Override
  public Statement visitRemoveConfigNode(SqlGrammar.RemoveConfigNodeContext context) {
    return new ClusterStatement.RemoveConfigNode(NodeNumbers.one(context.INT().getSymbol()));
  }

  // ---- pipesinks and pipes

  @Override
  public Statement visitShowPipeSinkTypes(SqlGrammar.ShowPipeSinkTypesContext context) {
    return new PipeSinkStatement.ShowTypes();
  }

  @Override
  public Statement visitShowPipeSinks(SqlGrammar.ShowPipeSinksContext context) {
    return new PipeSinkStatement.Show(PipeBuilder.nameOrNull(context.identifier()));
  }

  @Override
  public Statement visitCreatePipeSink(SqlGrammar.CreatePipeSinkContext context) {
    return new PipeSinkStatement.Create(
        Words.name(context.name),
        Words.name(context.type),
        Words.sinkAttributes(context.sinkAttribute()));
  }

  @Override
  public Statement visitAlterPipeSink(SqlGrammar.AlterPipeSinkContext context) {
    return new PipeSinkStatement.Alter(
        Words.name(context.name), Words.sinkAttributes(context.sinkAttribute()));
  }

  @Override
  public Statement visitDropPipeSink(SqlGrammar.DropPipeSinkContext context) {
    return new PipeSinkStatement.Drop(Words.name(context.identifier()));
  }

  @Override
  public Statement visitShowPipes(SqlGrammar.ShowPipesContext context) {
    return new PipeStatement.Show(PipeBuilder.nameOrNull(context.identifier()));
  }

  @Override
  public Statement visitShowPipeQuarantine(SqlGrammar.ShowPipeQuarantineContext context) {
    return new PipeStatement.Quarantine(PipeBuilder.nameOrNull(context.identifier()));
  }

  @Override
  public Statement visitVerifyPipe(SqlGrammar.VerifyPipeContext context) {
    return new PipeStatement.Verify(PipeBuilder.nameOrNull(context.identifier()));
  }

  @Override
  public Statement visitRepairPipe(SqlGrammar.RepairPipeContext context) {
    return new PipeStatement.Repair(PipeBuilder.nameOrNull(context.identifier()));
  }

  @Override
  public Statement visitRetryPipeQuarantine(SqlGrammar.RetryPipeQuarantineContext context) {
    return new PipeStatement.RetryQuarantine(PipeBuilder.nameOrNull(context.identifier()));
  }

  @Override
  public Statement visitShowPipeDetails(SqlGrammar.ShowPipeDetailsContext context) {
    return new PipeStatement.Details(PipeBuilder.nameOrNull(context.identifier()));
  }

  @Override
  public Statement visitCreatePipe(SqlGrammar.CreatePipeContext context) {
    return new PipeBuilder(moment).create(context);
  }

  @Override
  public Statement visitStartPipe(SqlGrammar.StartPipeContext context) {
    return new PipeStatement.Start(Words.name(context.identifier()));
  }

  @Override
  public Statement visitStopPipe(SqlGrammar.StopPipeContext context) {
    return new PipeStatement.Stop(Words.name(context.identifier()));
  }

  @Override
  public Statement visitDropPipe(SqlGrammar.DropPipeContext context) {
    return new PipeStatement.Drop(Words.name(context.identifier()));
  }

  // ---- users

  @Override
  public Statement visitCreateUser(SqlGrammar.CreateUserContext context) {
    return new UserStatement.Create(Words.name(context.userName()), Words.secret(context.password));
  }

  @Override
  public Statement visitDropUser(SqlGrammar.DropUserContext context) {
    return new UserStatement.Drop(Words.name(context.userName()));
  }

  @Override
  public Statement visitSetPassword(SqlGrammar.SetPasswordContext context) {
    return new UserStatement.SetPassword(
        Words.name(context.userName()), Words.secret(context.password));
  }

  @Override
  public Statement visitListUsers(SqlGrammar.ListUsersContext context) {
    return new UserStatement.ListAll();
  }

  @Override
  public Statement visitPipeServer(SqlGrammar.PipeServerContext context) {
    throw Refusal.semantic(
        "The pipe service is always open on the client port; there is no PIPESERVER to manage");
  }
}
