package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.server.FakeServer;
import io.sluice.cli.server.FakeTable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
  @TempDir private Path folder;
  private FakeServer server;
  private final CapturedConsole console = new CapturedConsole();

  @BeforeEach
  void start() throws Exception {
    server = new FakeServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private int run(String csv, String... arguments) throws Exception {
    return run(csv.getBytes(StandardCharsets.UTF_8), arguments);
  }

  private int run(byte[] csv, String... arguments) throws Exception {
    Path file = Files.write(folder.resolve("data.csv"), csv);
    String[] all = new String[arguments.length + 4];
    all[0] = "import";
    all[1] = file.toString();
    all[2] = "-p";
    all[3] = String.valueOf(server.port());
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return console.run(all);
  }

  @Test
  void importsReadingsInUtc() throws Exception {
    String csv = "timestamp,value\n2014-02-14 14:27:00,51.5\n2014-02-14 14:32:00,44\n";

    assertThat(run(csv, "--into", "root.nab.cpu")).isZero();

    assertThat(server.points())
        .isEqualTo(
            Map.of(
                "root.nab.cpu.value", Map.of(1_392_388_020_000L, 51.5, 1_392_388_320_000L, 44.0)));
    assertThat(console.out()).startsWith("Imported 2 values in 2 rows from 2 lines in ");
    assertThat(console.err()).isEmpty();
  }

  @Test
  void readsTimesInTheGivenZone() throws Exception {
    assertThat(run("2022-03-30 00:00:00,1", "--into", "root.a.b", "--zone", "+08:00")).isZero();

    assertThat(server.points()).isEqualTo(Map.of("root.a.b.value", Map.of(1_648_569_600_000L, 1L)));
  }

  @Test
  void severalColumnsHaveTheirOwnTypesAndGaps() throws Exception {
    String csv =
        "\ufefftime,on,n,mixed,note,nothing\r\n"
            + "1,true,1,1,\"a,\n\"\"b\"\"\",\r\n"
            + "2,,,2.5,\"\",\r\n"
            + "3,false,3,,plain,\r\n";

    assertThat(run(csv, "--into", "root.a.b", "--aligned")).isZero();

    assertThat(server.points())
        .isEqualTo(
            Map.of(
                "root.a.b.on", Map.of(1L, true, 3L, false),
                "root.a.b.n", Map.of(1L, 1L, 3L, 3L),
                "root.a.b.mixed", Map.of(1L, 1.0, 2L, 2.5),
                "root.a.b.note",
                    Map.of(
                        1L, FakeServer.binary("a,\n\"b\""),
                        2L, FakeServer.binary(""),
                        3L, FakeServer.binary("plain"))));
    assertThat(server.alignedDevices()).containsExactly("root.a.b");
  }

  @Test
  void badLinesAreReportedAndTheOthersImported() throws Exception {
    String csv =
        "timestamp,value\n1,1.5\nnever,2\n3,abc\n4\n5,6,7\n6,\"x\n7,7.5\n8,8.5\n9,9\n10,10\n";

    assertThat(run(csv, "--into", "root.a.b")).isEqualTo(1);

    assertThat(server.points())
        .isEqualTo(Map.of("root.a.b.value", Map.of(1L, 1.5, 7L, 7.5, 8L, 8.5, 9L, 9.0, 10L, 10.0)));
    assertThat(console.err())
        .isEqualTo(
            """
            data.csv:3: not a time: 'never'
            data.csv:4: column value: not a value of type DOUBLE: 'abc'
            data.csv:5: expected 2 fields, found 1
            data.csv:6: expected 2 fields, found 3
            data.csv:7: a quote that is never closed
            """);
    assertThat(console.out()).contains("from 5 lines").contains("Bad lines, not imported: 5.");
  }

  @Test
  void aLongListOfBadLinesIsCutAndCounted() throws Exception {
    String csv = IntStream.range(0, 50).mapToObj(i -> "x,1\n").collect(Collectors.joining());

    assertThat(run("time,v\n" + csv, "--into", "root.a.b")).isEqualTo(1);

    assertThat(console.err().lines()).hasSize(21).last().isEqualTo("... and 30 more bad lines");
  }

  @Test
  void bytesThatAreNotUtf8AreABadLine() throws Exception {
    byte[] csv = "time,v\n1,Gr\u00fcn\n2,Rot\n".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(run(csv, "--into", "root.a.b")).isEqualTo(1);

    assertThat(server.points())
        .isEqualTo(Map.of("root.a.b.v", Map.of(2L, FakeServer.binary("Rot"))));
    assertThat(console.err()).isEqualTo("data.csv:2: bytes that are not UTF-8\n");
  }

  @Test
  void ofTwoLinesWithOneTimeTheLaterWinsAlsoAcrossBatches() throws Exception {
    assertThat(run("time,v\n5,1\n1,2\n5,3\n5,4\n1,9\n", "--into", "root.a.b", "--batch", "2"))
        .isZero();
    assertThat(server.points()).isEqualTo(Map.of("root.a.b.v", Map.of(5L, 4L, 1L, 9L)));
    assertThat(server.tabletRows()).hasSize(3);

    assertThat(run("time,v\n5,1\n1,2\n5,3\n5,4\n1,8\n", "--into", "root.a.b")).isZero();
    assertThat(server.points()).isEqualTo(Map.of("root.a.b.v", Map.of(5L, 4L, 1L, 8L)));
  }

  @Test
  void manyRowsGoInTabletsOfAThousand() throws Exception {
    String csv =
        IntStream.range(0, 2_500).mapToObj(i -> i + "," + i + "\n").collect(Collectors.joining());

    assertThat(run(csv, "--into", "root.a.b")).isZero();

    assertThat(server.tabletRows()).containsExactly(1_000, 1_000, 500);
    assertThat(server.points().get("root.a.b.value")).hasSize(2_500);
  }

  @Test
  void theLayoutWithSeriesInTheHeader() throws Exception {
    String csv = "Time,root.a.d1.s(INT32),root.a.d2.s,root.a.d1.t\n1,5,,x\n2,,1.5,\n3,,,\n";

    assertThat(run(csv)).isZero();

    assertThat(server.points())
        .isEqualTo(
            Map.of(
                "root.a.d1.s", Map.of(1L, 5),
                "root.a.d1.t", Map.of(1L, FakeServer.binary("x")),
                "root.a.d2.s", Map.of(2L, 1.5)));
    assertThat(console.out()).contains("Lines without a value: 1.");
  }

  @Test
  void theLayoutWithADeviceInEachLine() throws Exception {
    String csv = "Time,Device,s,flow rate\n1,root.a.d1,5,\n1,root.a.d2,6,true\n2,root.*,7,\n";

    assertThat(run(csv)).isEqualTo(1);

    assertThat(server.points())
        .isEqualTo(
            Map.of(
                "root.a.d1.s", Map.of(1L, 5L),
                "root.a.d1.`flow rate`", Map.of(),
                "root.a.d2.s", Map.of(1L, 6L),
                "root.a.d2.`flow rate`", Map.of(1L, true)));
    assertThat(console.err()).isEqualTo("data.csv:4: not a device's path: 'root.*'\n");
  }

  @Test
  void aSeriesThatExistsKeepsItsType() throws Exception {
    server.answer(
        "SHOW TIMESERIES root.a.b.*",
        FakeTable.ofTexts(
            List.of("Timeseries", "DataType"), List.of(List.of("root.a.b.5xx", "DOUBLE"))));
    server.answer(
        "SHOW DEVICES root.a.b",
        FakeTable.ofTexts(List.of("Devices", "IsAligned"), List.of(List.of("root.a.b", "true"))));

    assertThat(run("time,5xx\n1,5\n2,6\n", "--into", "root.a.b")).isZero();

    assertThat(server.types()).isEqualTo(Map.of("root.a.b.`5xx`", TSDataType.DOUBLE));
    assertThat(server.alignedDevices()).containsExactly("root.a.b");
  }

  @Test
  void typesNullsAndSeparatorsCanBeGiven() throws Exception {
    String csv = "t;a;b\n1;007;1\n2;n/a;2\n";

    assertThat(
            run(
                csv,
                "--into",
                "root.a.b",
                "--separator",
                ";",
                "--null",
                "n/a",
                "--type",
                "a=TEXT",
                "--type",
                "b=INT32"))
        .isZero();

    assertThat(server.points())
        .isEqualTo(
            Map.of(
                "root.a.b.a", Map.of(1L, FakeServer.binary("007")),
                "root.a.b.b", Map.of(1L, 1, 2L, 2)));
  }

  @Test
  void aRefusalOfTheServerStopsTheImportWithTheLines() throws Exception {
    server.refuseTablets(507, "type mismatch");

    assertThat(run("1,5\n2,6\n3,7\n", "--into", "root.a.b", "--batch", "2")).isEqualTo(1);

    assertThat(console.err()).startsWith("Msg: lines 1 to 2: 507: type mismatch\n");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void wrongUseIsOneLine() throws Exception {
    assertThat(run("timestamp,value\n1,2\n")).isEqualTo(1);
    assertThat(console.err()).startsWith("Msg: the file names no device");
    assertThat(server.tabletRows()).isEmpty();

    assertThat(run("1,2\n", "--into", "root.a.b", "--type", "zzz=TEXT")).isEqualTo(1);
    assertThat(console.err()).endsWith("Msg: no column zzz in the file\n");
    assertThat(run("1,2\n", "--into", "root.a.b", "--zone", "Nowhere")).isEqualTo(2);
    assertThat(run("1,2\n", "--into", "root.a.b", "--batch", "0")).isEqualTo(2);
  }

  @Test
  void anEmptyFileIsNoError() throws Exception {
    assertThat(run("", "--into", "root.a.b")).isZero();
    assertThat(run("timestamp,value\n", "--into", "root.a.b")).isZero();

    assertThat(server.tabletRows()).isEmpty();
  }
}
