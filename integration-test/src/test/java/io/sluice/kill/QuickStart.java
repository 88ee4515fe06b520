package io.sluice.kill;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The command line of a {@link KilledConfigNode} that starts in half the time: a class archive,
 * which the JVM makes of jars only, so folders of classes are put into jars first.
 */
final class QuickStart {
  private static final long ARCHIVE_MINUTES_MAX = 3;

  private final List<String> command = new ArrayList<>();

  /** Makes the archive by starting one node below {@code folder} and letting it end. */
  QuickStart(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // Standard output is for answers.
    command.add("-Dlogback.configurationFile=killed-logback.xml");
    command.addAll(List.of("-cp", classPath(folder)));
    Path archive = folder.resolve("classes.jsa");
    List<String> making = command("-XX:ArchiveClassesAtExit=" + archive);
    making.addAll(List.of(folder.resolve("node").toString(), "0"));
    Process process =
        new ProcessBuilder(making)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("archive.log").toFile())
            .start();
    process.getOutputStream().close();
    if (!process.waitFor(ARCHIVE_MINUTES_MAX, TimeUnit.MINUTES)) {
      process.destroyForcibly();
    } else if (Files.exists(archive)) {
      command.add(1, "-XX:SharedArchiveFile=" + archive);
    }
  }

  /** Up to the main class; the node's arguments follow. */
  List<String> command(String... options) {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(1, List.of(options));
    whole.add(KilledConfigNode.class.getName());
    return whole;
  }

  private static String classPath(Path folder) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = folder.resolve("classes-" + jars.size() + ".jar");
        write(path, jar);
        jars.add(jar.toString());
      } else if (Files.exists(path)) {
        jars.add(entry);
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static void write(Path classes, Path jar) throws IOException {
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      entries.setLevel(0);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, entries);
        entries.closeEntry();
      }
    }
  }
}
