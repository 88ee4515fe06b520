package io.sluice.datanode.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The node's budget for client frames. A frame's whole length is reserved before its first byte is
 * kept, so those that hold a part never wait for each other; who does not fit waits in line.
 * Thread-safe.
 */
final class InFlightBytes {
  private final long bytesMax;
  private final Deque<Reservation> line = new ArrayDeque<>();
  private long used;

  InFlightBytes(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /**
   * @param bytes at most the whole budget
   * @param whenGranted called once, later and on another thread, if the result is not granted yet
   */
  synchronized Reservation reserve(long bytes, Runnable whenGranted) {
    Reservation reservation = new Reservation(bytes, whenGranted);
    if (line.isEmpty() && used + bytes <= bytesMax) {
      used += bytes;
      reservation.state = State.GRANTED;
    } else {
      line.add(reservation);
    }
    return reservation;
  }

  /** Bytes reserved now. */
  synchronized long used() {
    return used;
  }

  private void release(Reservation reservation) {
    List<Reservation> granted = new ArrayList<>();
    synchronized (this) {
      if (reservation.state == State.WAITING) {
        line.remove(reservation);
      } else if (reservation.state == State.GRANTED) {
        used -= reservation.bytes;
      }
      reservation.state = State.RELEASED;
      while (!line.isEmpty() && used + line.peek().bytes <= bytesMax) {
        Reservation next = line.poll();
        next.state = State.GRANTED;
        used += next.bytes;
        granted.add(next);
      }
    }
    granted.forEach(next -> next.whenGranted.run());
  }

  private enum State {
    WAITING,
    GRANTED,
    RELEASED
  }

  /** One frame's share of the budget. */
  final class Reservation {
    private final long bytes;
    private final Runnable whenGranted;
    private State state = State.WAITING;

    private Reservation(long bytes, Runnable whenGranted) {
      this.bytes = bytes;
      this.whenGranted = whenGranted;
    }

    boolean granted() {
      synchronized (InFlightBytes.this) {
        return state == State.GRANTED;
      }
    }

    /** Gives the bytes back, or leaves the line; further calls do nothing. */
    void release() {
      InFlightBytes.this.release(this);
    }
  }
}
