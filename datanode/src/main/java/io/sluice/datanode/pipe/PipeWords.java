package io.sluice.datanode.pipe;

import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeTable;
import io.sluice.datanode.pipe.core.KnownPipe;
import io.sluice.datanode.pipe.core.KnownPipes;
import java.util.ArrayList;
import java.util.List;

/** The pipe table in the words of {@code cluster.thrift} and back. */
public final class PipeWords {
  private PipeWords() {}

  /** What an operation wants a pipe to be like. */
  public static KnownPipe<PipeInfo> wanted(PipeOperation operation, PipeInfo pipe) {
    PipeInfo wanted = new PipeInfo(pipe);
    if (operation == PipeOperation.DROP) {
      wanted.setStatus(PipeStatus.DROP);
    }
    return known(wanted);
  }

  public static KnownPipe<PipeInfo> known(PipeInfo pipe) {
    return new KnownPipe<>(
        pipe.getNumber(), pipe.getChangedAt(), state(pipe.getStatus()), new PipeInfo(pipe));
  }

  public static List<KnownPipe<PipeInfo>> known(PipeTable table) {
    return table.getPipes().stream().map(PipeWords::known).toList();
  }

  static PipeTable table(KnownPipes<PipeInfo> known) {
    List<PipeInfo> pipes = new ArrayList<>();
    known.pipes().values().forEach(pipe -> pipes.add(pipe.what()));
    return new PipeTable(known.version(), pipes);
  }

  private static KnownPipe.State state(PipeStatus status) {
    return switch (status) {
      case RUNNING -> KnownPipe.State.RUNNING;
      case STOP -> KnownPipe.State.STOPPED;
      case DROP -> KnownPipe.State.DROPPED;
    };
  }
}
