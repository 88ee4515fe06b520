package io.sluice.cli;

import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;

/** A console that keeps what is printed. */
final class CapturedConsole {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private String in = "";

  CapturedConsole in(String text) {
    in = text;
    return this;
  }

  int run(String... arguments) {
    return Cli.run(
        new Console(new StringReader(in), new PrintWriter(out), new PrintWriter(err), false, false),
        arguments);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
