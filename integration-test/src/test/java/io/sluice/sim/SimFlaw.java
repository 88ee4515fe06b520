package io.sluice.sim;

import io.sluice.confignode.core.ClusterImage;
import io.sluice.confignode.core.Pipe;
import io.sluice.confignode.core.PipeProcedure;
import io.sluice.confignode.core.PipesImage;
import io.sluice.confignode.core.Record;
import java.util.ArrayList;
import java.util.List;

/** Ways the ConfigNodes could be wrong: a history has to notice each. */
enum SimFlaw {
  NONE,
  /** What an earlier leader left is not seen. */
  LEFT_IS_LEFT {
    @Override
    ClusterImage seenBy(SimConfigNode leader, ClusterImage image) {
      List<Record> gone = new ArrayList<>();
      for (PipeProcedure procedure : image.pipes().procedures().values()) {
        gone.add(new Record.ProcedureGone(procedure.id()));
      }
      return image.replay(gone);
    }
  },
  /** What DataNodes may have been told and was not kept raises no version. */
  UNDOING_RAISES_NO_VERSION {
    private static Record asBefore(PipesImage pipes, Pipe pipe) {
      Pipe known = pipes.pipes().get(pipe.number());
      boolean same = known != null && known.status() == pipe.status();
      return new Record.PipeSet(same ? known : pipe);
    }

    @Override
    List<Record> recorded(ClusterImage image, List<Record> records) {
      List<Record> same = new ArrayList<>();
      for (Record record : records) {
        same.add(
            record instanceof Record.PipeSet set ? asBefore(image.pipes(), set.pipe()) : record);
      }
      return same;
    }
  },
  /** The end is recorded as good although it is an end without effect. */
  EVERY_END_IS_GOOD {
    @Override
    boolean succeeded(boolean truly) {
      return true;
    }
  };

  ClusterImage seenBy(SimConfigNode leader, ClusterImage image) {
    return image;
  }

  List<Record> recorded(ClusterImage image, List<Record> records) {
    return records;
  }

  boolean succeeded(boolean truly) {
    return truly;
  }
}
