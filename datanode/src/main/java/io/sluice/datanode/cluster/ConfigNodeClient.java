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
   * The same for a call that only reads: it may be asked twice, and is given up sooner, since a
   * query waits for it.
   */
  default <T> T read(Call<T> call) throws StatusException {
    return call(call);
  }

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
