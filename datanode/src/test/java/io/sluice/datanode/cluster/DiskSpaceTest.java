package io.sluice.datanode.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DiskSpaceTest {
  private final AtomicLong nowMs = new AtomicLong();
  private final AtomicLong free = new AtomicLong(100);

  private long free() throws IOException {
    if (free.get() < 0) {
      throw new IOException("no such disk");
    }
    return free.get();
  }

  @Test
  void aNearlyFullDiskIsReadOnlyUntilThereIsRoomAgain() {
    DiskSpace disk = new DiskSpace(this::free, 50, nowMs::get);
    assertThat(disk.readOnly()).isFalse();
    assertThat(disk.freeBytes()).isEqualTo(100);
    free.set(49);
    assertThat(disk.readOnly()).as("asked a moment ago").isFalse();
    nowMs.addAndGet(1_000);
    assertThat(disk.readOnly()).isTrue();
    assertThat(disk.freeBytes()).isEqualTo(49);
    free.set(-1);
    nowMs.addAndGet(1_000);
    assertThat(disk.readOnly()).as("not known: stays").isTrue();
    free.set(50);
    nowMs.addAndGet(1_000);
    assertThat(disk.readOnly()).isFalse();
  }
}
