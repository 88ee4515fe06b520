package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.server.FakeServer;
import io.sluice.cli.server.FakeTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.tsfile.enums.TSDataType;
import org.apache.tsfile.utils.Binary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportCommandTest {
  private static final FakeTable EVERYTHING =
      new FakeTable(
          true,
          List.of(
              "root.a.d1.b",
              "root.a.d1.i",
              "root.a.d1.l",
              "root.a.d1.f",
              "root.a.d2.d",
              "root.a.d2.t",
              "root.a.d2.s",
              "root.a.`d 3`.`x.y`",
              "root.a.d2.ts",
              "root.a.d2.day"),
          List.of(
              TSDataType.BOOLEAN,
              TSDataType.INT32,
              TSDataType.INT64,
              TSDataType.FLOAT,
              TSDataType.DOUBLE,
              TSDataType.TEXT,
              TSDataType.STRING,
              TSDataType.BLOB,
              TSDataType.TIMESTAMP,
              TSDataType.DATE),
          List.of(
              new FakeTable.Row(
                  -1,
                  true,
                  1,
                  Long.MIN_VALUE,
                  1.1f,
                  0.1,
                  text("a,\"b\"\r\nc"),
                  text(""),
                  new Binary(new byte[] {0, -1}),
                  1_648_987_697_127L,
                  20_240_229),
              new FakeTable.Row(
                  1_648_987_697_127L,
                  null,
                  null,
                  null,
                  Float.NaN,
                  Double.NEGATIVE_INFINITY,
                  text(""),
                  text(" null "),
                  new Binary(new byte[0]),
                  null,
                  null),
              new FakeTable.Row(
                  Long.MAX_VALUE,
                  false,
                  -5,
                  7L,
                  Float.MIN_VALUE,
                  Double.MAX_VALUE,
                  null,
                  text("温度😀"),
                  null,
                  Long.MIN_VALUE,
                  19_700_101)));

  @TempDir private Path folder;
  private FakeServer from;
  private FakeServer to;
  private Path file;
  private final CapturedConsole console = new CapturedConsole();

  private static Binary text(String text) {
    return FakeServer.binary(text);
  }

  @BeforeEach
  void start() throws Exception {
    from = new FakeServer();
    to = new FakeServer();
    file = folder.resolve("out.csv");
  }

  @AfterEach
  void stop() throws Exception {
    from.close();
    to.close();
  }

  private int export(String... arguments) {
    String[] all = new String[arguments.length + 5];
    all[0] = "export";
    all[1] = "-p";
    all[2] = String.valueOf(from.port());
    all[3] = "--to";
    all[4] = file.toString();
    System.arraycopy(arguments, 0, all, 5, arguments.length);
    return console.run(all);
  }

  @ParameterizedTest
  @CsvSource({"time,Z", "time,Asia/Shanghai", "device,-03:30", "device,Europe/Berlin"})
  void anImportGivesBackEveryValueAndType(String layout, String zone) {
    from.answer("q", EVERYTHING);

    assertThat(export("q;", "--layout", layout, "--time-zone", zone)).isZero();
    assertThat(console.run("import", file.toString(), "-p", String.valueOf(to.port())))
        .as(console.err())
        .isZero();

    for (int column = 0; column < EVERYTHING.names().size(); column++) {
      String series = EVERYTHING.names().get(column);
      assertThat(to.types()).containsEntry(series, EVERYTHING.types().get(column));
      for (FakeTable.Row row : EVERYTHING.rows()) {
        assertThat(to.points().get(series).get(row.time()))
            .as("%s at %d", series, row.time())
            .isEqualTo(row.values()[column]);
      }
    }
  }

  @Test
  void namesTypesAndZoneStandInTheFile() throws Exception {
    from.answer(
        "q",
        new FakeTable(
            true,
            List.of("root.a.b.s", "root.a.b.t"),
            List.of(TSDataType.INT32, TSDataType.TEXT),
            List.of(new FakeTable.Row(1_648_987_697_127L, 5, text("x,y")))));

    assertThat(export("q", "--time-zone", "+08:00")).isZero();

    assertThat(file)
        .hasContent(
            """
            Time,root.a.b.s(INT32),root.a.b.t(TEXT)
            2022-04-03T20:08:17.127+08:00,5,"x,y"
            """);
    assertThat(console.out()).isEqualTo("Exported 1 lines to " + file + ".\n");
  }

  @Test
  void byDeviceEachDeviceHasItsLine() throws Exception {
    from.answer(
        "q",
        new FakeTable(
            true,
            List.of("root.a.d1.s", "root.a.d2.s"),
            List.of(TSDataType.INT32, TSDataType.INT32),
            List.of(new FakeTable.Row(0, 1, 2), new FakeTable.Row(1, null, 3))));

    assertThat(export("q", "--layout", "device", "--time-zone", "Z")).isZero();

    assertThat(file)
        .hasContent(
            """
            Time,Device,s(INT32)
            1970-01-01T00:00:00.000Z,root.a.d1,1
            1970-01-01T00:00:00.000Z,root.a.d2,2
            1970-01-01T00:00:00.001Z,root.a.d2,3
            """);
  }

  @Test
  void aFailedExportLeavesTheOldFile() throws Exception {
    Files.writeString(file, "old");
    from.refuse("q", 700, "line 1:0 what?");
    from.answer("counts", FakeTable.ofTexts(List.of("count(s)"), List.of()));

    assertThat(export("q")).isEqualTo(1);
    assertThat(export("counts", "--layout", "device")).isEqualTo(1);
    assertThat(export("flush")).isEqualTo(1);

    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
    assertThat(console.err())
        .isEqualTo(
            """
            Msg: 700: line 1:0 what?
            Msg: the rows have no time: use --layout time
            Msg: the statement was executed, but it gives no rows to export
            """);
  }

  @Test
  void wrongUse() {
    assertThat(console.run("export", "q")).isEqualTo(2);
    assertThat(export("a; b")).isEqualTo(2);
    assertThat(export("q", "--layout", "sideways")).isEqualTo(2);
  }
}
