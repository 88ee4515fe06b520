package io.sluice.datanode.statement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.rpc.DataNodeLocation;
import io.sluice.common.rpc.Endpoint;
import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.PipeDetail;
import io.sluice.common.rpc.PipeHealth;
import io.sluice.common.rpc.PipeSinkChange;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.ReceivedPipe;
import io.sluice.common.rpc.RegionInfo;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import io.sluice.datanode.cluster.HeldPart;
import io.sluice.datanode.cluster.ScrubbedCluster;
import io.sluice.datanode.point.SeriesKey;
import io.sluice.datanode.point.TimeRange;
import io.sluice.datanode.region.ApplyResult;
import io.sluice.datanode.region.HeldSeries;
import io.sluice.datanode.region.entry.LogEntry;
import io.sluice.datanode.region.scrub.ScrubReport;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns, texts and codes are those a real IoTDB printed. */
class StatementExecutorTest {
  private final FakeCluster cluster = new FakeCluster();
  private final StatementExecutor executor = cluster.executor();
  private ZoneId zone = ZoneOffset.UTC;

  private String ask(String sql) throws StatusException {
    return PrintedTable.of((StatementResult.Rows) execute(sql));
  }

  private StatementResult execute(String sql) throws StatusException {
    return executor.execute(sql, new StatementContext("root", zone));
  }

  private void run(String... sqls) throws StatusException {
    for (String sql : sqls) {
      assertThat(execute(sql)).as(sql).isInstanceOf(StatementResult.Done.class);
    }
  }

  private void refused(String sql, String codeAndText) {
    assertThatThrownBy(() -> execute(sql))
        .as(sql)
        .isInstanceOfSatisfying(
            StatusException.class,
            e -> assertThat(e.code() + ": " + e.getMessage()).isEqualTo(codeAndText));
  }

  private void usersExample() throws StatusException {
    run(
        "CREATE DATABASE root.vehicle",
        "CREATE TIMESERIES root.vehicle.d0.s0 WITH DATATYPE=INT32, ENCODING=RLE",
        "CREATE TIMESERIES root.vehicle.d0.s1 WITH DATATYPE=TEXT, ENCODING=PLAIN",
        "CREATE TIMESERIES root.vehicle.d1.s2 WITH DATATYPE=FLOAT, ENCODING=RLE",
        "CREATE TIMESERIES root.vehicle.d1.s3 WITH DATATYPE=BOOLEAN, ENCODING=PLAIN",
        "insert into root.vehicle.d0(timestamp,s0) values(1,10)",
        "insert into root.vehicle.d0(timestamp,s0,s1) values(2,12,'12')",
        "insert into root.vehicle.d0(timestamp,s1) values(3,'14')",
        "insert into root.vehicle.d1(timestamp,s2) values(4,16.0)",
        "insert into root.vehicle.d1(timestamp,s2,s3) values(5,18.0,true)",
        "insert into root.vehicle.d1(timestamp,s3) values(6,false)",
        "flush");
  }

  @Test
  void theUsersExampleIsReadBackOverBothRegions() throws Exception {
    usersExample();
    assertThat(ask("select ** from root.vehicle"))
        .isEqualTo(
            """
            |                    Time|root.vehicle.d0.s0|root.vehicle.d0.s1|root.vehicle.d1.s2|root.vehicle.d1.s3|
            |1970-01-01T00:00:00.001Z|                10|              null|              null|              null|
            |1970-01-01T00:00:00.002Z|                12|                12|              null|              null|
            |1970-01-01T00:00:00.003Z|              null|                14|              null|              null|
            |1970-01-01T00:00:00.004Z|              null|              null|              16.0|              null|
            |1970-01-01T00:00:00.005Z|              null|              null|              18.0|              true|
            |1970-01-01T00:00:00.006Z|              null|              null|              null|             false|
            """);
    assertThat(cluster.databases.get("root.vehicle"))
        .as("both regions hold a device, both were flushed")
        .allSatisfy(
            region -> {
              assertThat(region.entries).isNotEmpty();
              assertThat(region.flushes).hasValue(1);
            });
    assertThat(cluster.openScans()).isZero();
  }

  @Test
  void columnsFollowTheSelectListThenThePrefixes() throws Exception {
    usersExample();
    assertThat(ask("select s1, s0 from root.vehicle.d0 limit 1"))
        .startsWith("|                    Time|root.vehicle.d0.s1|root.vehicle.d0.s0|\n");
    assertThat(ask("select s0, s0, * from root.vehicle.d0 where time = 1"))
        .isEqualTo(
            """
            |                    Time|root.vehicle.d0.s0|root.vehicle.d0.s0|root.vehicle.d0.s0|root.vehicle.d0.s1|
            |1970-01-01T00:00:00.001Z|                10|                10|                10|              null|
            """);
    assertThat(ask("select * from root.vehicle.d1, root.vehicle.d0 limit 1"))
        .startsWith(
            "|                    Time|root.vehicle.d1.s2|root.vehicle.d1.s3|root.vehicle.d0.s0|");
  }

  @Test
  void rowsAreCutAndTurnedAround() throws Exception {
    usersExample();
    assertThat(ask("select s0,s3 from root.vehicle.* order by time desc limit 2 offset 1"))
        .isEqualTo(
            """
            |                    Time|root.vehicle.d0.s0|root.vehicle.d1.s3|
            |1970-01-01T00:00:00.005Z|              null|              true|
            |1970-01-01T00:00:00.002Z|                12|              null|
            """);
    assertThat(ask("select s0 from root.vehicle.d0 where time > 1 and time <= 2"))
        .endsWith("|1970-01-01T00:00:00.002Z|                12|\n");
    assertThat(ask("select s0 from root.vehicle.d0 limit 5 offset 7"))
        .isEqualTo("|Time|root.vehicle.d0.s0|\n");
  }

  @Test
  void whatIsMissingIsAnEmptyAnswerWithTheTimeAlone() throws Exception {
    assertThat(ask("select ** from root.vehicle")).isEqualTo("|Time|\n");
    usersExample();
    assertThat(ask("select nosuch from root.vehicle.d0")).isEqualTo("|Time|\n");
    assertThat(ask("select count(*) from root.nosuch")).as("no column at all").isEqualTo("|\n");
    assertThat(cluster.refreshes).as("another node may just have created it").isPositive();
  }

  @Test
  void countsAreOneRow() throws Exception {
    usersExample();
    assertThat(ask("select count(*) from root.vehicle.**"))
        .isEqualTo(
            """
            |count(root.vehicle.d0.s0)|count(root.vehicle.d0.s1)|count(root.vehicle.d1.s2)|count(root.vehicle.d1.s3)|
            |                        2|                        2|                        2|                        2|
            """);
    assertThat(ask("select count(s0) from root.vehicle.d0 where time >= 2"))
        .isEqualTo(
            """
            |count(root.vehicle.d0.s0)|
            |                        1|
            """);
  }

  @Test
  void schemaIsListedAndCounted() throws Exception {
    usersExample();
    assertThat(ask("SHOW TIMESERIES"))
        .isEqualTo(
            """
            |        Timeseries|Alias|    Database|DataType|Encoding|Compression|Tags|Attributes|Deadband|DeadbandParameters|
            |root.vehicle.d0.s0| null|root.vehicle|   INT32|     RLE|     SNAPPY|null|      null|    null|              null|
            |root.vehicle.d0.s1| null|root.vehicle|    TEXT|   PLAIN|     SNAPPY|null|      null|    null|              null|
            |root.vehicle.d1.s2| null|root.vehicle|   FLOAT|     RLE|     SNAPPY|null|      null|    null|              null|
            |root.vehicle.d1.s3| null|root.vehicle| BOOLEAN|   PLAIN|     SNAPPY|null|      null|    null|              null|
            """);
    assertThat(ask("COUNT TIMESERIES")).isEqualTo("|count(timeseries)|\n|                4|\n");
    assertThat(ask("COUNT TIMESERIES root.nosuch.**"))
        .isEqualTo("|count(timeseries)|\n|                0|\n");
    assertThat(ask("COUNT DEVICES")).isEqualTo("|count(devices)|\n|             2|\n");
    assertThat(ask("SHOW DEVICES"))
        .isEqualTo(
            """
            |         Device|IsAligned|
            |root.vehicle.d0|    false|
            |root.vehicle.d1|    false|
            """);
    assertThat(ask("SHOW DATABASES"))
        .isEqualTo(
            """
            |    Database| TTL|SchemaReplicationFactor|DataReplicationFactor|TimePartitionInterval|
            |root.vehicle|null|                      1|                    1|            604800000|
            """);
    assertThat(ask("COUNT DATABASES")).isEqualTo("|count|\n|    1|\n");
  }

  @Test
  void aTimeToLiveIsSetShownAndUnset() throws Exception {
    usersExample();
    run("create database root.ship", "SET TTL TO root.vehicle 3600000");
    assertThat(ask("SHOW ALL TTL"))
        .isEqualTo(
            """
            |    Database|    TTL|
            |   root.ship|   null|
            |root.vehicle|3600000|
            """);
    run("set ttl to root.vehicle 1000");
    assertThat(ask("show ttl on root.vehicle, root.nosuch"))
        .isEqualTo(
            """
            |    Database| TTL|
            |root.vehicle|1000|
            """);
    run("UNSET TTL TO root.vehicle");
    assertThat(ask("SHOW TTL ON root.v*"))
        .isEqualTo(
            """
            |    Database| TTL|
            |root.vehicle|null|
            """);
    refused("SET TTL TO root.nosuch 1000", "500: Path [root.nosuch] does not exist");
    refused("UNSET TTL TO root.nosuch", "500: Path [root.nosuch] does not exist");
  }

  @Test
  void newSeriesAreInferredAsIotdbDoes() throws Exception {
    run(
        "insert into root.del.d0(time,s0,s1) values(1,1,1),(2,2,2),(3,3,3)",
        "insert into root.del.d1(time,b,t,big,n) values(1,true,'12',16777217,NaN)");
    assertThat(ask("SHOW TIMESERIES root.del.d0.*"))
        .contains("|root.del.d0.s0| null|root.del|   FLOAT| GORILLA|     SNAPPY|");
    assertThat(ask("SHOW TIMESERIES root.del.d1.*"))
        .contains("|  root.del.d1.b| null|root.del| BOOLEAN|     RLE|")
        .contains("|  root.del.d1.t| null|root.del|    TEXT|   PLAIN|")
        .contains("|root.del.d1.big| null|root.del|  DOUBLE| GORILLA|")
        .contains("|  root.del.d1.n| null|root.del|  DOUBLE| GORILLA|");
    assertThat(cluster.entries(LogEntry.InsertRows.class))
        .as("rows of one statement and region are one entry")
        .hasSize(2);
  }

  @Test
  void aValueThatIsNotOfItsSeriesTypeIsRefused() throws Exception {
    usersExample();
    refused(
        "insert into root.vehicle.d0(time,s0) values(9,'x')",
        "507: Fail to insert measurements [s0] caused by [data type of root.vehicle.d0.s0 is INT32,"
            + " which x is not]");
    refused(
        "insert into root.vehicle.d0(time,s0) values(9,2147483648)",
        "507: Fail to insert measurements [s0] caused by [data type of root.vehicle.d0.s0 is INT32,"
            + " which 2147483648 is not]");
    refused(
        "insert into root.vehicle.d0(time,s0,s0) values(9,1,1)",
        "701: Insertion contains duplicated measurement: s0");
  }

  @Test
  void theOtherValuesOfARefusedRowAreWritten() throws Exception {
    usersExample();
    refused(
        "insert into root.vehicle.d0(time,s0,s1) values(9,'x','y'),(10,10,'z')",
        "507: Fail to insert measurements [s0] caused by [data type of root.vehicle.d0.s0 is INT32,"
            + " which x is not]");
    assertThat(ask("select s0, s1 from root.vehicle.d0 where time > 8"))
        .endsWith(
            """
            |1970-01-01T00:00:00.009Z|              null|                 y|
            |1970-01-01T00:00:00.010Z|                10|                 z|
            """);
  }

  @Test
  void aNullAloneMakesNoSeries() throws Exception {
    refused(
        "insert into root.a.d(time,s1,s2) values(100,null,1),(101,null,2)",
        "507: Fail to insert measurements [s1] caused by"
            + " [root.a.d.s1 does not exist, and null has no data type]");
    run("insert into root.a.d(time,s3,s2) values(100,null,1),(101,7,null)");
    assertThat(ask("select count(**) from root.a"))
        .isEqualTo(
            "|count(root.a.d.s2)|count(root.a.d.s3)|\n|                 2|                 1|\n");
  }

  @Test
  void aTypeChangedElsewhereIsLookedUpAgain() throws Exception {
    usersExample();
    run("insert into root.vehicle.d0(time,s0) values(7,7)");
    FakeRegion region = (FakeRegion) cluster.regionOf("root.vehicle.d0");
    region.propose(
        new LogEntry.DeleteSeries(
            List.of(io.sluice.common.path.PathPattern.parse("root.vehicle.d0.s0"))));
    region.propose(
        new LogEntry.CreateSeries(
            List.of(
                new io.sluice.datanode.point.SeriesInfo(
                    "root.vehicle.d0",
                    false,
                    DefaultStorage.ofIotdb12()
                        .spec("s0", org.apache.tsfile.enums.TSDataType.INT64))),
            false));
    run("insert into root.vehicle.d0(time,s0) values(8,8)");
    assertThat(region.pointsOf("root.vehicle.d0", "s0")).isEqualTo(1);
  }

  @Test
  void deletionsReachTheRegionsThatHoldTheSeries() throws Exception {
    usersExample();
    run("DELETE FROM root.vehicle.d0.s0 where time < 2");
    assertThat(ask("select s0 from root.vehicle.d0")).doesNotContain(".001Z").contains(".002Z");
    assertThat(cluster.entries(LogEntry.DeleteData.class)).hasSize(1);
    run("DELETE FROM root.nosuch.**");
    run("DELETE TIMESERIES root.vehicle.d1.s2");
    assertThat(ask("select ** from root.vehicle"))
        .startsWith(
            "|                   "
                + " Time|root.vehicle.d0.s0|root.vehicle.d0.s1|root.vehicle.d1.s3|\n");
    refused(
        "DELETE TIMESERIES root.vehicle.d1.s2",
        "508: Timeseries [root.vehicle.d1.s2] does not exist");
    run("DROP DATABASE root.vehicle");
    assertThat(ask("SHOW TIMESERIES")).hasLineCount(1);
    refused("DELETE DATABASE root.nosuch", "508: Path [root.nosuch] does not exist");
  }

  @Test
  void flushNamesWhatIsMissing() throws Exception {
    usersExample();
    run("FLUSH root.vehicle");
    refused("FLUSH root.nosuch", "500: storageGroup root.nosuch does not exist");
  }

  @Test
  void nodesAreListed() throws Exception {
    assertThat(ask("SHOW CLUSTER"))
        .isEqualTo(
            """
            |NodeID|  NodeType| Status|InternalAddress|InternalPort|
            |     0|ConfigNode|Running|      127.0.0.1|       10710|
            |     1|  DataNode|Running|      127.0.0.1|       10730|
            |     2|  DataNode|Unknown|      127.0.0.1|       10732|
            """);
    assertThat(ask("SHOW CLUSTER DETAILS"))
        .isEqualTo(
            """
            |NodeID|  NodeType| Status|InternalAddress|InternalPort|ConfigConsensusPort|RpcAddress|RpcPort|MppPort|SchemaConsensusPort|DataConsensusPort|
            |     0|ConfigNode|Running|      127.0.0.1|       10710|              10720|          |       |       |                   |                 |
            |     1|  DataNode|Running|      127.0.0.1|       10730|                   | 127.0.0.1|   6667|       |                   |            10760|
            |     2|  DataNode|Unknown|      127.0.0.1|       10732|                   | 127.0.0.1|   6669|       |                   |            10762|
            """);
    usersExample();
    assertThat(ask("SHOW DATANODES"))
        .isEqualTo(
            """
            |NodeID| Status|RpcAddress|RpcPort|DataRegionNum|SchemaRegionNum|
            |     1|Running| 127.0.0.1|   6667|            1|              0|
            |     2|Unknown| 127.0.0.1|   6669|            1|              0|
            """);
    assertThat(ask("SHOW CONFIGNODES"))
        .isEqualTo(
            """
            |NodeID| Status|InternalAddress|InternalPort|  Role|
            |     0|Running|      127.0.0.1|       10710|Leader|
            """);
    assertThat(ask("SHOW REGIONS"))
        .isEqualTo(
            """
            |RegionId|      Type| Status|    Database|SeriesSlotNum|TimeSlotNum|DataNodeId|RpcAddress|RpcPort|  Role|             CreateTime|
            |       0|DataRegion|Running|root.vehicle|         5000|          0|         1| 127.0.0.1|   6667|Leader|2026-11-23T05:02:25.373|
            |       1|DataRegion|Unknown|root.vehicle|         5000|          0|         2| 127.0.0.1|   6669|Leader|2026-11-23T05:02:25.373|
            """);
    assertThat(ask("SHOW VERSION")).startsWith("|Version|BuildInfo|\n").contains("0.1.0");
  }

  @Test
  void regionsMoveAndNodesLeaveByNumber() throws Exception {
    for (String sql :
        List.of(
            "migrate region 1, 2 from 3 to 4",
            "EXTEND REGION 5 TO 6",
            "REMOVE REGION 5 FROM 6",
            "REMOVE DATANODES 7, 8",
            "REMOVE CONFIGNODE 0")) {
      assertThat(execute(sql)).as(sql).isInstanceOf(StatementResult.Done.class);
    }
    assertThat(cluster.configNode.changes)
        .containsExactly(
            "migrate 1 from 3 to 4",
            "migrate 2 from 3 to 4",
            "extend 5 to 6",
            "remove 5 from 6",
            "remove DataNode 7",
            "remove DataNode 8",
            "remove ConfigNode 0");
    assertThatThrownBy(() -> execute("REMOVE DATANODES 9, 1"))
        .hasMessage("9 does not exist; begun: [1]");
    assertThatThrownBy(() -> execute("REMOVE CONFIGNODE 9")).hasMessage("9 does not exist");
  }

  @Test
  void variablesComeInIotdbsOrder() throws Exception {
    cluster.configNode.variables.put("Zoo", "1");
    cluster.configNode.variables.put("SeriesSlotNum", "10000");
    cluster.configNode.variables.put("ClusterName", "defaultCluster");
    assertThat(ask("SHOW VARIABLES"))
        .isEqualTo(
            """
            |     Variable|         Value|
            |  ClusterName|defaultCluster|
            |SeriesSlotNum|         10000|
            |          Zoo|             1|
            """);
  }

  @Test
  void configurationIsReadAgainHereOrEverywhere() throws Exception {
    run("LOAD CONFIGURATION");
    assertThat(cluster.configNode.reloads).isEqualTo(1);
    run("LOAD CONFIGURATION ON LOCAL");
    assertThat(cluster.reloads).isEqualTo(1);
  }

  @Test
  void whatAScrubFoundIsShownByFileAndReplica() throws Exception {
    RegionInfo region = new RegionInfo(3, new UUID(1, 1).toString(), "root.a", List.of(1, 2), 0);
    ScrubReport report =
        new ScrubReport(
            new UUID(1, 1),
            4,
            4_000,
            List.of(
                new ScrubReport.Found("f1", 10, true, "had from DataNode 2"),
                new ScrubReport.Found("f2", 20, false, "nobody has it")),
            2);
    cluster.scrubbed.add(new ScrubbedCluster.Replica(region, 1, report, null));
    cluster.scrubbed.add(new ScrubbedCluster.Replica(region, 2, null, "Connection refused"));
    assertThat(ask("SCRUB REGION 3, 4"))
        .isEqualTo(
            """
            |RegionId|Database|DataNodeId|File|BytesChecked|     Result|                 Message|
            |       3|  root.a|         1|  f1|          10|   REPAIRED|     had from DataNode 2|
            |       3|  root.a|         1|  f2|          20|    DAMAGED|           nobody has it|
            |       3|  root.a|         1|null|        4000|    DAMAGED|4 files, 2 found damaged|
            |       3|  root.a|         2|null|           0|NOT CHECKED|      Connection refused|
            """);
    ask("SCRUB REGIONS ON LOCAL");
    assertThat(cluster.scrubs).containsExactly("[3, 4]", "[] here");
  }

  /** In rows, which clients show; the text of a success they do not. */
  @Test
  void whatTakesARestartIsNamed() throws Exception {
    cluster.configNode.takeRestart = List.of("a is '1'", "b is '2'");
    cluster.takeRestart = List.of("c is '3'");
    assertThat(ask("LOAD CONFIGURATION"))
        .isEqualTo(
            """
            |TakesRestart|
            |    a is '1'|
            |    b is '2'|
            """);
    assertThat(ask("LOAD CONFIGURATION ON LOCAL"))
        .isEqualTo(
            """
            |TakesRestart|
            |    c is '3'|
            """);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "CREATE PIPESINK b AS IoTDB (ip='300.1.1.1',port=6667)"
            + "|1106: 300.1.1.1 is nonstandard IP address, only support IPv4 now.",
        "CREATE PIPESINK b AS IoTDB (ip='not an ip',port=6667)"
            + "|1106: not an ip is nonstandard IP address, only support IPv4 now.",
        "CREATE PIPESINK b AS IoTDB (ip='localhost')"
            + "|1106: localhost is nonstandard IP address, only support IPv4 now.",
        "CREATE PIPESINK b AS IoTDB (ip='127.0.0.1.',port=6667)"
            + "|1106: 127.0.0.1. is nonstandard IP address, only support IPv4 now.",
        "CREATE PIPESINK b AS IoTDB (ip='127.0.0.1', user='u')"
            + "|1106: Attributes user and password go together, and neither is empty; user='' alone"
            + " means no user.",
        "CREATE PIPESINK b AS IoTDB (user='', password='p')"
            + "|1106: Attributes user and password go together, and neither is empty; user='' alone"
            + " means no user.",
        "CREATE PIPESINK b AS IoTDB (compression='gzip')"
            + "|1106: compression='gzip' is none of 'zstd', 'lz4' and 'none'.",
        "CREATE PIPESINK b AS IoTDB (rate_limit_bytes_per_second=fast)"
            + "|1106: rate_limit_bytes_per_second=fast has wrong format, require for INT64.",
        "ALTER PIPESINK a (rate_limit_bytes_per_second=1023)"
            + "|1106: rate_limit_bytes_per_second=1023 is out of range, require for 0 (no limit) or"
            + " at least 1024.",
        "ALTER PIPESINK a (port=6668)"
            + "|1106: Where a PIPESINK leads is not changed: create another one.",
        "ALTER PIPESINK a (speed=1)|1106: There is No attribute speed in IoTDB pipeSink.",
        "CREATE PIPESINK b AS IoTDB (host='999.1.1.1')"
            + "|1106: host='999.1.1.1' is neither a DNS name nor an IP address.",
        "CREATE PIPESINK b AS IoTDB (host='a b')"
            + "|1106: host='a b' is neither a DNS name nor an IP address.",
        "CREATE PIPESINK b AS IoTDB (host='1::2::3')"
            + "|1106: host='1::2::3' is neither a DNS name nor an IP address.",
        "CREATE PIPESINK b AS IoTDB (host='cloud', ip='127.0.0.1')"
            + "|1106: Attributes ip and host say the same: give one of them.",
        "CREATE PIPESINK b AS IoTDB (ip='127.0.0.1',port='abc')"
            + "|1106: port=abc has wrong format, require for INT32.",
        "CREATE PIPESINK b AS IoTDB (ip='127.0.0.1',port=66.7)"
            + "|1106: port=66.7 has wrong format, require for INT32.",
        "CREATE PIPESINK b AS IoTDB (port=99999)"
            + "|1106: port=99999 is out of range, require for 1 to 65535.",
        "CREATE PIPESINK b AS IoTDB (port=0)"
            + "|1106: port=0 is out of range, require for 1 to 65535.",
        "CREATE PIPESINK b AS IoTDB (port=-1)"
            + "|1106: port=-1 is out of range, require for 1 to 65535.",
        "CREATE PIPESINK b AS IoTDB (ip='127.0.0.1',port=6667,foo='bar')"
            + "|1106: There is No attribute foo in IoTDB pipeSink.",
        "CREATE PIPESINK b AS IoTDB (ip='127.0.0.1',IP='127.0.0.2')"
            + "|1106: Attribute ip is given more than once.",
        "CREATE PIPESINK b AS Kafka|1106: PIPESINK type [Kafka] is not supported, only IoTDB is",
        "CREATE PIPESINK demo AS IoTDB|1106: PIPESINK [demo] already exists in IoTDB.",
        "DROP PIPESINK nosuch|1106: PIPESINK [nosuch] does not exist",
        "SHOW PIPESINK nosuch|1106: PIPESINK [nosuch] does not exist",
        "SHOW PIPESINK DEMO|1106: PIPESINK [DEMO] does not exist",
        "CREATE PIPE p TO nosuch|1107: PIPESINK [nosuch] does not exist",
        "START PIPE nosuch|1107: PIPE [nosuch] does not exist",
        "SHOW PIPE nosuch|1107: PIPE [nosuch] does not exist",
        "CREATE PIPE p TO demo WITH foo=bar|1107: Can not recognition attribute foo",
        "CREATE PIPE p TO demo WITH SyncDelOp='maybe'"
            + "|1107: SyncDelOp=maybe has wrong format, require for true or false.",
        "CREATE PIPE p TO demo FROM (select ** from root where s1>=3)"
            + "|701: Not support for this sql in pipe.",
        "CREATE PIPE p TO demo FROM (select * from root.vehicle)"
            + "|701: Not support for this sql in pipe.",
        "STOP|700: Error occurred while parsing SQL to physical plan: line 1:4 no viable"
            + " alternative at input 'STOP'",
      })
  void pipesAndSinksAreRefusedWithTheirTexts(String sql, String codeAndText) throws Exception {
    run("CREATE PIPESINK demo AS IoTDB");
    refused(sql, codeAndText);
  }

  @Test
  void sinksAreShownWithDefaults() throws Exception {
    run(
        "CREATE PIPESINK my_iotdb AS iotdb (IP='192.168.0.2',PORT=6668)",
        "CREATE PIPESINK demo AS IoTDB");
    assertThat(ask("SHOW PIPESINKS"))
        .isEqualTo(
            """
            |    Name| Type|                Attributes|
            |my_iotdb|IoTDB|ip='192.168.0.2',port=6668|
            |    demo|IoTDB|  ip='127.0.0.1',port=6667|
            """);
    assertThat(ask("SHOW PIPESINK demo")).hasLineCount(2).contains("|demo|");
    assertThat(ask("SHOW PIPESINKTYPE")).isEqualTo("| Type|\n|IoTDB|\n");
  }

  @Test
  void pipesAreShownOnBothSides() throws Exception {
    assertThat(ask("SHOW PIPES"))
        .isEqualTo("|CreateTime|Name|Role|Remote|Status|Attributes|Message|\n");
    zone = ZoneId.of("+08:00");
    run(
        "CREATE PIPESINK my_iotdb AS IoTDB",
        "CREATE PIPE p TO my_iotdb FROM (select ** from root where time>='2022-03-30 00:00:00')",
        "CREATE PIPE p2 TO my_iotdb WITH SyncDelOp=false",
        "START PIPE p");
    cluster.received.add(
        new ReceivedPipe(
            "r", 5, "192.168.11.11", PipeStatus.STOP, "root.vehicle", PipeHealth.ERROR));
    assertThat(ask("SHOW PIPES"))
        .isEqualTo(
            """
            |             CreateTime|Name|    Role|       Remote| Status|                                      Attributes|Message|
            |1970-01-01T08:00:00.005|   r|receiver|192.168.11.11|   STOP|                         Database='root.vehicle'|  ERROR|
            |2026-11-23T13:02:25.373|   p|  sender|     my_iotdb|RUNNING|SyncDelOp=false,DataStartTimestamp=1648569600000| NORMAL|
            |2026-11-23T13:02:25.374|  p2|  sender|     my_iotdb|   STOP|            SyncDelOp=false,DataStartTimestamp=0| NORMAL|
            """);
    assertThat(ask("SHOW PIPE r")).hasLineCount(2).contains("receiver");
    run("STOP PIPE p", "DROP PIPE p");
    refused("SHOW PIPE p", "1107: PIPE [p] does not exist");
    refused("CREATE PIPE p2 TO my_iotdb", "1107: PIPE [p2] is STOP, please retry after drop it.");
  }

  @Test
  void aPipesDetailsAreARowPerRegion() throws Exception {
    run("CREATE PIPESINK s AS IoTDB", "CREATE PIPE p TO s", "START PIPE p");
    DataNodeLocation node =
        new DataNodeLocation(
            2,
            new Endpoint("127.0.0.1", 6668),
            new Endpoint("127.0.0.1", 10731),
            new Endpoint("127.0.0.1", 10761));
    FeedDetails feed =
        new FeedDetails(
            "u", "root.a", PipeHealth.NORMAL, "", new Endpoint("h", 6667), true, 7, 9, 1, 500, 100);
    feed.setUnsealedRows(4).setSecondsBehind(3).setSecondsToGo(5).setAcknowledgedAtMs(1_000);
    cluster.configNode.details =
        List.of(
            new PipeDetail(0, "root.a", node, PipeHealth.NORMAL, "").setFeed(feed),
            new PipeDetail(1, "root.a", node, PipeHealth.WARN, "no leader"));
    assertThat(ask("SHOW PIPE p DETAILS"))
        .isEqualTo(
            """
            |Region|Database|           DataNode| Status|Message|    Cause|Receiver|Position|LastDataIndex|FilesLeft|BytesLeft|UnsealedRows|BytesPerSecond|SecondsBehind|EstimatedSecondsToGo|    LastAcknowledgement|LastError|
            |     0|  root.a|2 (127.0.0.1:10731)|RUNNING| NORMAL|         |  h:6667|       7|            9|        1|      500|           4|           100|            3|                   5|1970-01-01T00:00:01.000|     null|
            |     1|  root.a|2 (127.0.0.1:10731)|RUNNING|   WARN|no leader|    null|    null|         null|     null|     null|        null|          null|         null|                null|                   null|     null|
            """);
    refused("SHOW PIPE nosuch DETAILS", "1107: PIPE [nosuch] does not exist");
  }

  private static HeldPart held(String measurement, long rejoinIndex, TimeRange times) {
    SeriesKey key = new SeriesKey("root.a.d", measurement);
    return new HeldPart(new HeldSeries(key, 7, rejoinIndex, 1_000, "types differ"), times);
  }

  @Test
  void whatAPipeHoldsBackIsShownAndRejoinsWhenAsked() throws Exception {
    run("CREATE PIPESINK s AS IoTDB", "CREATE PIPE p TO s", "CREATE DATABASE root.a");
    FakeRegion region = cluster.databases.get("root.a").get(0);
    int id =
        cluster.catalog().getRegions().stream()
            .filter(info -> info.getUuid().equals(region.id().toString()))
            .findFirst()
            .orElseThrow()
            .getId();
    Endpoint nowhere = new Endpoint("h", 1);
    DataNodeLocation node = new DataNodeLocation(2, nowhere, nowhere, nowhere);
    FeedDetails feed =
        new FeedDetails(
            "u", "root.a", PipeHealth.WARN, "", new Endpoint("h", 6667), true, 8, 9, 1, 500, 100);
    feed.setDatabaseRefused(true);
    cluster.configNode.details =
        List.of(
            new PipeDetail(id, "root.a", node, PipeHealth.WARN, "root.a.b is a database")
                .setFeed(feed));
    region.held =
        List.of(
            held("s", 0, new TimeRange(5, 2_000)),
            held("t", 9, null),
            held("arrived", 8, new TimeRange(5, 6)));
    assertThat(ask("SHOW PIPE p QUARANTINE"))
        .isEqualTo(
            """
            |Region|Database|    Series|    State|                  Since|SinceIndex|              FirstTime|               LastTime|                Reason|
            |     0|  root.a| root.a.**|     HELD|                   null|         9|                   null|                   null|root.a.b is a database|
            |     0|  root.a|root.a.d.s|     HELD|1970-01-01T00:00:01.000|         7|1970-01-01T00:00:00.005|1970-01-01T00:00:02.000|          types differ|
            |     0|  root.a|root.a.d.t|REJOINING|1970-01-01T00:00:01.000|         7|                   null|                   null|          types differ|
            """);
    run("RETRY PIPE p QUARANTINE");
    assertThat(region.entries).hasAtLeastOneElementOfType(LogEntry.Rejoin.class);
    region.answerNext(new ApplyResult.Unavailable(StatusCode.WRITE_REJECTED, "no leader"));
    refused(
        "RETRY PIPE p QUARANTINE",
        "1107: Some series stay held back, try again: region " + id + ": no leader");
    refused("SHOW PIPE nosuch QUARANTINE", "1107: PIPE [nosuch] does not exist");
    region.held = List.of();
    cluster.configNode.details = List.of();
    run("RETRY PIPE p QUARANTINE");
  }

  @Test
  void aBatchKeepsGoingPastARefusal() throws Exception {
    usersExample();
    List<WriteOutcome> outcomes =
        executor.executeBatch(
            List.of(
                "insert into root.vehicle.d0(time,s0) values(20,1)",
                "insert into root.vehicle.d0(time,s0) values(21,'x')",
                "bogus statement",
                "CREATE DATABASE root.other",
                "insert into root.vehicle.d0(time,s0) values(22,1)",
                "show version"),
            new StatementContext("root", zone));
    assertThat(outcomes.stream().map(WriteOutcome::code))
        .containsExactly(200, 507, 700, 200, 200, 300);
    assertThat(ask("select s0 from root.vehicle.d0 where time >= 20")).hasLineCount(3);
  }

  @Test
  void aSinksHostIsANameOrAnyAddress() throws StatusException {
    run("CREATE PIPESINK n AS IoTDB (host='cloud-1.example.org', port='7667')");
    run("CREATE PIPESINK six AS IoTDB (host='[2001:db8::1]')");
    run("CREATE PIPESINK four AS IoTDB (host='10.0.0.7')");
    assertThat(cluster.configNode.sinks)
        .extracting(sink -> sink.getName() + " " + sink.getHost() + " " + sink.getPort())
        .containsExactly(
            "n cloud-1.example.org 7667", "six 2001:db8::1 6667", "four 10.0.0.7 6667");
    assertThat(ask("SHOW PIPESINKS"))
        .contains("host='cloud-1.example.org',port=7667")
        .contains("host='2001:db8::1',port=6667")
        .contains("ip='10.0.0.7',port=6667");
  }

  @Test
  void onlyRootManagesUsers() {
    for (String sql :
        List.of("CREATE USER bob 'x'", "DROP USER bob", "ALTER USER root SET PASSWORD 'x'")) {
      assertThatThrownBy(() -> executor.execute(sql, new StatementContext("ann", zone)))
          .as(sql)
          .isInstanceOfSatisfying(StatusException.class, e -> assertThat(e.code()).isEqualTo(803));
    }
  }

  @Test
  void aSinkIsAlteredInWhatIsSaidOnly() throws StatusException {
    run(
        "CREATE PIPESINK s AS IoTDB (host='::1', compression='ZSTD',"
            + " rate_limit_bytes_per_second=1000000)");
    assertThat(ask("SHOW PIPESINK s"))
        .contains("host='::1',port=6667,compression='zstd',rate_limit_bytes_per_second=1000000");
    run("ALTER PIPESINK s (rate_limit_bytes_per_second=0)");
    assertThat(cluster.configNode.sinkOptions)
        .isEqualTo(new PipeSinkChange().setRateLimitBytesPerSecond(0));
    run("ALTER PIPESINK s SET (user='', compression=none)");
    assertThat(cluster.configNode.sinkOptions)
        .isEqualTo(new PipeSinkChange().setUser("").setCompression("none"));
  }

  @Test
  void aSinksPasswordGoesNoFurtherThanThisNode() throws StatusException {
    run("CREATE PIPESINK s AS IoTDB (ip='10.0.0.7', user='edge', password='secret')");
    PipeSinkChange sent = cluster.configNode.sinkOptions;
    assertThat(sent.getUser()).isEqualTo("edge");
    assertThat(sent.getPasswordKey()).isEqualTo(PasswordKey.of("edge", "secret").bytes().toArray());
    assertThat(ask("SHOW PIPESINK s"))
        .contains("ip='10.0.0.7',port=6667,user='edge'")
        .doesNotContain("password")
        .doesNotContain("secret");
  }
}
