package io.sluice.sync.receiver.core;

import io.sluice.common.sync.frame.Frame;
import io.sluice.common.sync.frame.Refusal;
import java.util.ArrayList;
import java.util.List;

/** What a session wants done in one step, in order. After its last word it says nothing more. */
final class Outbox {
  private final List<SessionEffect> effects = new ArrayList<>();
  private boolean closed;

  void want(SessionEffect effect) {
    effects.add(effect);
  }

  void say(Frame.FromReceiver frame) {
    if (!closed) {
      effects.add(new SessionEffect.Send(frame));
    }
  }

  void sayLast(Frame.FromReceiver last) {
    if (!closed) {
      closed = true;
      effects.add(new SessionEffect.SendAndClose(last));
    }
  }

  void refuse(Refusal why, String text) {
    sayLast(new Frame.Refused(why, text));
  }

  /** Nobody listens any more. */
  void close() {
    closed = true;
  }

  boolean closed() {
    return closed;
  }

  List<SessionEffect> take() {
    List<SessionEffect> taken = List.copyOf(effects);
    effects.clear();
    return taken;
  }
}
