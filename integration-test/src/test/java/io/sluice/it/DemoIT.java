package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.demo.Demo;
import io.sluice.cli.local.LocalCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The demo says yes when every row is there, and no when one is missing or changed. */
class DemoIT {
  private static final int ROWS = 2_000;

  @TempDir Path folder;

  private record Ended(int status, String printed) {}

  private static Ended demo(Demo.Interference interference, String... arguments) {
    StringWriter printed = new StringWriter();
    Demo demo = new Demo(new PrintWriter(printed, true), Build.launcher(), interference);
    return new Ended(new CommandLine(demo).execute(arguments), printed.toString());
  }

  private static void onCloud(LocalCluster cloud, String statement) throws Exception {
    try (Sql receiver = Sql.at(cloud.clientPort(0))) {
      receiver.run(statement);
    }
  }

  @Test
  void everyRowOfTheExampleAndOfAFileArrives() throws Exception {
    StringBuilder lines = new StringBuilder("timestamp,value\n");
    for (int row = 0; row < ROWS; row++) {
      lines.append(
          "2014-01-%02d %02d:%02d:00,%s%n"
              .formatted(1 + row / 1_440, row / 60 % 24, row % 60, row / 8.0));
    }
    lines.append("2014-01-01 00:00:00,7.25\n");
    Path file = Files.writeString(folder.resolve("readings.csv"), lines);
    Ended ended = demo(Demo.Interference.NONE, "--csv", file.toString());
    assertThat(ended.status()).as(ended.printed()).isZero();
    assertThat(ended.printed())
        .contains("every row is on both sides")
        .contains("differences between edge and cloud: 0")
        .contains("differences between file and cloud: 0")
        .contains("file:  " + ROWS + " time stamps");
  }

  @Test
  void aMissingRowEndsItWithOne() {
    Ended ended = demo((edge, cloud) -> onCloud(cloud, "delete from root.vehicle.d0.s1"));
    assertThat(ended.status()).as(ended.printed()).isEqualTo(1);
    assertThat(ended.printed()).contains("THE TWO SIDES DIFFER").contains("root.vehicle.d0.s1");
  }

  @Test
  void aChangedRowEndsItWithOne() {
    Ended ended =
        demo(
            (edge, cloud) -> {
              try (Sql receiver = Sql.at(cloud.clientPort(0))) {
                String time = receiver.table("select s0 from root.vehicle.d0").rows().get(0).get(0);
                receiver.run("insert into root.vehicle.d0(timestamp,s0) values(" + time + ",11)");
              }
            });
    assertThat(ended.status()).as(ended.printed()).isEqualTo(1);
    assertThat(ended.printed()).contains("THE TWO SIDES DIFFER").contains("| 11");
  }
}
