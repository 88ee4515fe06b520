package io.sluice.confignode.core;

import io.sluice.common.status.StatusCode;
import io.sluice.common.status.StatusException;
import java.util.ArrayList;
import java.util.List;

/** Wishes about sinks. */
public sealed interface PipeSinkCommand extends Command {

  record CreatePipeSink(String name, String type, String host, int port, SinkOptions.Change options)
      implements PipeSinkCommand {
    /** Without options. */
    public CreatePipeSink(String name, String type, String host, int port) {
      this(name, type, host, port, SinkOptions.Change.NONE);
    }

    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      PipeNames.check("PIPESINK", name, StatusCode.PIPESINK_ERROR);
      if (!type.equalsIgnoreCase(PipeSink.TYPE)) {
        throw sinkError(
            "PIPESINK type "
                + PipeNames.shortened(type)
                + " is not supported, only "
                + PipeSink.TYPE
                + " is");
      }
      if (image.pipes().sinks().containsKey(name)) {
        throw sinkError("PIPESINK [" + name + "] already exists in IoTDB.");
      }
      return List.of(
          new Record.PipeSinkSet(
              new PipeSink(
                  name, PipeSink.TYPE, host, port, nowMs, SinkOptions.NONE.with(options))));
    }
  }

  record DropPipeSink(String name) implements PipeSinkCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      existing(image, name);
      for (Pipe pipe : image.pipes().pipes().values()) {
        if (pipe.sink().equals(name)) {
          throw sinkError(
              "Can not drop PIPESINK ["
                  + name
                  + "], because PIPE ["
                  + pipe.name()
                  + "] is using it.");
        }
      }
      return List.of(new Record.PipeSinkGone(name));
    }
  }

  /** Pipes that use the sink change with it, so that DataNodes come to hear of it. */
  record AlterPipeSink(String name, SinkOptions.Change change) implements PipeSinkCommand {
    @Override
    public List<Record> decide(ClusterImage image, long nowMs) throws StatusException {
      PipeSink sink = existing(image, name);
      List<Record> records = new ArrayList<>();
      records.add(new Record.PipeSinkSet(sink.with(sink.options().with(change))));
      long version = image.pipes().version() + 1;
      for (Pipe pipe : image.pipes().pipes().values()) {
        if (pipe.sink().equals(name)) {
          if (image.pipes().procedureOn(pipe.name()).isPresent()) {
            throw sinkError(
                "PIPE [" + pipe.name() + "] has another statement under way, please retry.");
          }
          records.add(new Record.PipeSet(pipe.with(pipe.status(), version)));
        }
      }
      return records;
    }
  }

  private static PipeSink existing(ClusterImage image, String name) throws StatusException {
    PipeSink sink = image.pipes().sinks().get(name);
    if (sink == null) {
      throw sinkError("PIPESINK [" + name + "] does not exist");
    }
    return sink;
  }

  private static StatusException sinkError(String text) {
    return new StatusException(StatusCode.PIPESINK_ERROR, text);
  }
}
