package io.sluice.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Where one node is, and how the others find it. Thread-safe. */
public interface Place {
  /** Every node at 127.0.0.1, with nothing between them. */
  Network LOOPBACK = home -> new Loopback();

  /** Gives each node its place. */
  @FunctionalInterface
  interface Network {
    /**
     * @param home the node's folder, which exists
     */
    Place add(Path home) throws IOException;
  }

  /** The host by which the other nodes know it. */
  String name();

  /** The address that it listens on, for clients of one's own. */
  String address();

  /** The IPv4 address at which other clusters know it. */
  String front();

  /** What its configuration says because it is here. */
  Map<String, String> settings();

  /** What its JVM is told because it is here. */
  List<String> javaOptions();

  /** Its process is about to listen on these ports. */
  void opens(Collection<Integer> ports) throws IOException;

  /** Its process is gone. */
  void closes();

  /** See {@link #LOOPBACK}. */
  record Loopback() implements Place {
    @Override
    public String name() {
      return "127.0.0.1";
    }

    @Override
    public String address() {
      return name();
    }

    @Override
    public String front() {
      return name();
    }

    @Override
    public Map<String, String> settings() {
      return Map.of();
    }

    @Override
    public List<String> javaOptions() {
      return List.of();
    }

    @Override
    public void opens(Collection<Integer> ports) {
      // The process does it all.
    }

    @Override
    public void closes() {
      // The system did it all.
    }
  }
}
