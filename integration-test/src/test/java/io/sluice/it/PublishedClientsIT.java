package io.sluice.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.local.LocalCluster;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each published client version, on its own class path with its own libraries, against one
 * standalone node: its driver source is compiled against that version and run as a process.
 */
class PublishedClientsIT {
  private static final int DRIVER_SECONDS_MAX = 120;

  @RegisterExtension static final TestClusters CLUSTERS = new TestClusters();

  private static LocalCluster server;

  @BeforeAll
  static void start() throws Exception {
    server = CLUSTERS.named("clients");
    server.addStandalone().start();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"session-1.1.2", "session-1.3.2", "session-2.0.7", "jdbc-1.3.2", "jdbc-2.0.5"})
  void aPublishedClientDoesItsWork(String client) throws Exception {
    String classPath = libraries(client);
    boolean session = client.startsWith("session");
    String name = session ? "SessionDriver" : "JdbcDriver";
    Path work = Files.createDirectories(CLUSTERS.folder().resolve(client));
    Path source = work.resolve(name + ".java");
    Files.writeString(source, wordsOf(client, resource(name + ".java")));
    compile(source, work, classPath);

    String database = "root." + client.replaceAll("[-.]", "_");
    Path out = work.resolve("out.txt");
    Process driver =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                work + File.pathSeparator + classPath,
                name,
                Integer.toString(server.clientPort(0)),
                database)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    boolean ended = driver.waitFor(DRIVER_SECONDS_MAX, TimeUnit.SECONDS);
    if (!ended) {
      driver.destroyForcibly().waitFor();
    }
    String said = Files.readString(out);
    assertThat(ended).as("%s is still at work, so far: %s", client, said).isTrue();
    assertThat(said.lines()).as(said).endsWith("DRIVER OK");
    assertThat(driver.exitValue()).isZero();
  }

  private static String libraries(String client) throws IOException {
    Path folder = Build.root().resolve("integration-test/clients/" + client + "/target/lib");
    try (Stream<Path> jars = Files.list(folder)) {
      return jars.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }
  }

  private static String resource(String name) throws IOException {
    try (var in = PublishedClientsIT.class.getResourceAsStream("/clients/" + name)) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }

  /** What the versions call the same things. */
  private static String wordsOf(String client, String source) {
    boolean second = client.endsWith("2.0.7");
    return source
        .replace(
            "TSFILE_ENUMS",
            second ? "org.apache.tsfile.enums" : "org.apache.iotdb.tsfile.file.metadata.enums")
        .replace("TSFILE", second ? "org.apache.tsfile" : "org.apache.iotdb.tsfile")
        .replace("import org.apache.iotdb.tsfile.write.schema.SCHEMA;\n", "")
        .replace("SCHEMA", second ? "IMeasurementSchema" : "MeasurementSchema")
        .replace("SET_ROWS", second ? "tablet.setRowSize(ROWS)" : "tablet.rowSize = ROWS");
  }

  private static void compile(Path source, Path target, String classPath) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                messages,
                null,
                null,
                List.of(
                    "-encoding", "UTF-8", "-d", target.toString(), "-cp", classPath, "-proc:none"),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source))
            .call();
    assertThat(compiled).as(messages.toString()).isTrue();
  }
}
