package io.sluice.cli.demo;

/** A step of the demo did not work; what the server said has been shown. */
final class DemoFailedException extends Exception {
  DemoFailedException(String message) {
    super(message);
  }
}
