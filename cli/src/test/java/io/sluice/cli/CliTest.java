package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.server.FakeServer;
import io.sluice.cli.server.FakeTable;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.tsfile.enums.TSDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTest {
  private static final FakeTable VEHICLE =
      new FakeTable(
          true,
          List.of("root.vehicle.d0.s0", "root.vehicle.d0.s1", "root.vehicle.d1.s3"),
          List.of(TSDataType.INT32, TSDataType.TEXT, TSDataType.BOOLEAN),
          List.of(
              new FakeTable.Row(1_648_987_697_127L, 10, null, null),
              new FakeTable.Row(1_648_987_697_358L, 12, FakeServer.binary("12"), null),
              new FakeTable.Row(1_648_987_697_753L, null, null, true)));

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

  private int run(String... arguments) {
    String[] all = new String[arguments.length + 2];
    all[0] = "-p";
    all[1] = String.valueOf(server.port());
    System.arraycopy(arguments, 0, all, 2, arguments.length);
    return console.run(all);
  }

  @Test
  void printsATableInTheSessionsZoneLikeTheRecordedOnes() {
    server.answer("select ** from root.vehicle", VEHICLE);

    assertThat(run("--time-zone", "+08:00", "-e", "select ** from root.vehicle;")).isZero();

    assertThat(console.out().replaceAll("It costs \\d\\.\\d{3}s", "It costs #"))
        .isEqualTo(
            """
            +-----------------------------+------------------+------------------+------------------+
            |                         Time|root.vehicle.d0.s0|root.vehicle.d0.s1|root.vehicle.d1.s3|
            +-----------------------------+------------------+------------------+------------------+
            |2022-04-03T20:08:17.127+08:00|                10|              null|              null|
            |2022-04-03T20:08:17.358+08:00|                12|                12|              null|
            |2022-04-03T20:08:17.753+08:00|              null|              null|              true|
            +-----------------------------+------------------+------------------+------------------+
            Total line number = 3
            It costs #
            """);
    assertThat(server.zones()).containsExactly("+08:00");
  }

  @Test
  void changesTheZoneInAScript() {
    server.answer("select ** from root.vehicle", VEHICLE);
    console.in(
        "show time_zone;\nSET TIME_ZONE=+08:00;\nset time_zone = Z; select ** from root.vehicle");

    assertThat(run("--time-zone", "Europe/Berlin")).isZero();

    assertThat(console.out())
        .startsWith("Time zone: Europe/Berlin\nTime zone: +08:00\nTime zone: Z\n+")
        .contains("|2022-04-03T12:08:17.127Z|");
    assertThat(server.zones()).containsExactly("Europe/Berlin", "+08:00", "Z");
  }

  @Test
  void anEmptyResultStillShowsItsColumns() {
    server.answer("SHOW PIPES", FakeTable.ofTexts(List.of("CreateTime", "Name"), List.of()));

    assertThat(run("-e", "SHOW PIPES")).isZero();

    assertThat(console.out())
        .startsWith(
            """
            +----------+----+
            |CreateTime|Name|
            +----------+----+
            +----------+----+
            Empty set.
            It costs 0.""");
  }

  @Test
  void aQueryThatMatchesNoSeriesShowsTheTimeAlone() {
    server.answer("q", new FakeTable(true, List.of(), List.of(), List.of()));

    assertThat(run("-e", "q")).isZero();

    assertThat(console.out()).startsWith("+----+\n|Time|\n+----+\n+----+\nEmpty set.\n");
  }

  @Test
  void aStatementWithoutRowsIsConfirmed() {
    assertThat(run("-e", "flush")).isZero();

    assertThat(console.out()).isEqualTo("Msg: The statement is executed successfully.\n");
    assertThat(console.err()).isEmpty();
  }

  @Test
  void everyRowOfSeveralFetchesIsPrinted() {
    List<FakeTable.Row> rows =
        LongStream.range(0, 2_345).mapToObj(i -> new FakeTable.Row(i, i)).toList();
    server.answer("q", new FakeTable(true, List.of("s"), List.of(TSDataType.INT64), rows));

    assertThat(run("-e", "q")).isZero();

    assertThat(console.out()).contains("|2344|\n").contains("Total line number = 2345\n");
    assertThat(console.out().lines().filter(l -> l.startsWith("|19"))).hasSize(2_345);
  }

  @Test
  void aScriptStopsAtTheFirstErrorAndNamesItsLine() throws Exception {
    server.refuse("bad", 1106, "PIPESINK [x] does not exist");
    Path script = Files.writeString(folder.resolve("a.sql"), "good;\n-- why\nbad;\nnever;\n");

    assertThat(run("-f", script.toString())).isEqualTo(1);

    assertThat(server.statements()).containsExactly("good", "bad");
    assertThat(console.err())
        .isEqualTo("Msg: 1106: PIPESINK [x] does not exist\nat " + script + " line 3\n");
  }

  @Test
  void keepsGoingWhenTold() {
    server.refuse("bad", 507, "no");
    console.in("bad; good;");

    assertThat(run("--keep-going")).isEqualTo(1);

    assertThat(server.statements()).containsExactly("bad", "good");
  }

  @Test
  void aScriptThatEndsInsideAQuoteSendsNothingOfIt() {
    console.in("good; insert into root.a(time,b) values(1,'x");

    assertThat(run()).isEqualTo(1);

    assertThat(server.statements()).containsExactly("good");
    assertThat(console.err()).contains("ends inside a quote");
  }

  @Test
  void aWrongPasswordIsOneLine() {
    server.password("other");

    assertThat(run("-pw", "wrong", "-e", "flush")).isEqualTo(1);

    assertThat(console.err()).isEqualTo("Msg: 801: Authentication failed.\n");
    assertThat(server.statements()).isEmpty();
  }

  @Test
  void anUnreachableServerIsOneLine() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }

    assertThat(console.run("-p", String.valueOf(port), "-e", "flush")).isEqualTo(1);

    assertThat(console.err())
        .isEqualTo("Msg: no connection to 127.0.0.1:" + port + ": Connection refused\n");
  }

  @Test
  void aMissingScriptIsOneLine() {
    assertThat(run("-f", folder.resolve("none.sql").toString())).isEqualTo(1);

    assertThat(console.err()).startsWith("Msg: no such file: ");
  }

  @Test
  void argumentsThatTheLocaleGarbledAreNotSent() {
    assertThat(run("-e", "insert into root.a(time,`\ufffd`) values(1,1)")).isEqualTo(1);

    assertThat(console.err()).contains("LC_ALL=C.UTF-8");
    assertThat(server.statements()).isEmpty();
  }

  @Test
  void anImpossiblePortIsAUsageError() {
    assertThat(console.run("-p", "99999", "-e", "flush")).isEqualTo(2);

    assertThat(console.err()).contains("the port must be 1 to 65535, not 99999");
  }
}
