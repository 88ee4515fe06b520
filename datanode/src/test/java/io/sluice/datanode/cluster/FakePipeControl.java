package io.sluice.datanode.cluster;

import io.sluice.common.rpc.FeedDetails;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeReport;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told. */
final class FakePipeControl implements PipeControl {
  final List<PipeOperation> operations = new CopyOnWriteArrayList<>();
  volatile PipeTable table = new PipeTable(-1, List.of());
  volatile long heard = -1;
  volatile String refusal;
  volatile List<Long> past = List.of();

  @Override
  public void operate(PipeOperation operation, PipeInfo pipe) throws StatusException {
    if (refusal != null) {
      throw new StatusException(StatusCode.PIPE_ERROR, refusal);
    }
    operations.add(operation);
  }

  @Override
  public void replace(PipeTable fresh) {
    table = fresh;
  }

  @Override
  public long tableVersion() {
    return table.getVersion();
  }

  @Override
  public void heard(long currentVersion) {
    heard = currentVersion;
  }

  @Override
  public List<PipeReport> reports() {
    return List.of();
  }

  @Override
  public List<Long> past(UUID region, long index) {
    return past;
  }

  @Override
  public List<FeedDetails> details(long pipeNumber) {
    return List.of();
  }
}
