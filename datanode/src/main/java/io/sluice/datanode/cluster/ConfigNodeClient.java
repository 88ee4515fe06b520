package io.sluice.datanode.cluster;

import io.sluice.common.rpc.ConfigNodeService;
import io.sluice.common.status.StatusException;
import org.apache.thrift.TException;

/** Calls the ConfigNode that leads, wherever it is now. Thread-safe. */
public interface ConfigNodeClient extends AutoCloseable {
  /**
   * Runs {@code call} against the leader, following redirections and trying other ConfigNodes for a
   * bounded time.
   *
   * @throws StatusException code 305 with a text when no ConfigNode answers in time
   */
  <T> T call(Call<T> call) throws StatusException;

  /**
   * One remote call; its answer's status is the caller's to look at, except NOT_LEADER, which is
   * followed.
   */
  @FunctionalInterface
  interface Call<T> {
    T run(ConfigNodeService.Iface configNode) throws TException;
  }

  @Override
  void close();
}
