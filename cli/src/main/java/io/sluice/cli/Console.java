package io.sluice.cli;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;

/**
 * The streams a command reads and prints to, always UTF-8.
 *
 * @param in scripts come from here
 * @param interactive whether a person sits at both ends, so that a prompt makes sense
 * @param liveErrors whether the error stream is a terminal, so that a line can be overwritten
 */
record Console(
    Reader in, PrintWriter out, PrintWriter err, boolean interactive, boolean liveErrors) {

  /** The process's own. */
  static Console ofProcess() {
    // On some JDKs the console is there even when input is a pipe, unless told otherwise.
    System.setProperty("jdk.console", "java.base");
    boolean terminal = System.console() != null;
    return new Console(
        new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8),
        writer(FileDescriptor.out),
        writer(FileDescriptor.err),
        terminal,
        terminal && isTerminal(SystemStream.Error));
  }

  /**
   * Whether the stream has not been redirected; where that cannot be found out, it counts as
   * redirected.
   */
  private static boolean isTerminal(SystemStream stream) {
    try {
      return TerminalProvider.load("exec").isSystemStream(stream);
    } catch (IOException e) {
      return false;
    }
  }

  private static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(
        new BufferedWriter(
            new OutputStreamWriter(new FileOutputStream(stream), StandardCharsets.UTF_8)));
  }
}
