package io.sluice.datanode.pipe;

import io.sluice.common.credential.PasswordKey;
import io.sluice.common.credential.SecretBytes;
import io.sluice.common.rpc.PipeInfo;
import io.sluice.common.rpc.PipeOperation;
import io.sluice.common.rpc.PipeSinkInfo;
import io.sluice.common.rpc.PipeStatus;
import io.sluice.common.rpc.PipeTable;
import io.sluice.common.sync.Compression;
import io.sluice.datanode.pipe.core.KnownPipe;
import io.sluice.datanode.pipe.core.KnownPipes;
import io.sluice.sync.sender.PipeSpec;
import io.sluice.sync.sender.SinkCredentials;
import io.sluice.sync.sender.SinkTerms;
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

  /** As senders need it. */
  static PipeSpec spec(PipeInfo pipe) {
    PipeSinkInfo sink = pipe.getSink();
    return new PipeSpec(
        pipe.getName(),
        pipe.getNumber(),
        sink.getHost(),
        sink.getPort(),
        pipe.getCreatedAtMs(),
        pipe.getStartTimeMs(),
        pipe.isSyncDeletions(),
        terms(sink));
  }

  private static SinkTerms terms(PipeSinkInfo sink) {
    SinkCredentials credentials =
        sink.isSetUser() && sink.isSetPasswordKey()
            ? new SinkCredentials(
                sink.getUser(), new PasswordKey(SecretBytes.of(sink.getPasswordKey())))
            : null;
    // A word of a later release: what this one does not know it does not do.
    Compression compression =
        sink.isSetCompression()
            ? Compression.ofWord(sink.getCompression()).orElse(Compression.NONE)
            : Compression.NONE;
    return new SinkTerms(credentials, compression, sink.getRateLimitBytesPerSecond());
  }

  private static KnownPipe.State state(PipeStatus status) {
    return switch (status) {
      case RUNNING -> KnownPipe.State.RUNNING;
      case STOP -> KnownPipe.State.STOPPED;
      case DROP -> KnownPipe.State.DROPPED;
    };
  }
}
