package io.sluice.sync.receiver.net;

import io.sluice.common.sync.frame.Frame;

/** The way back to one sender. Thread-safe. */
interface Replies {
  void send(Frame.FromReceiver frame);

  /** Sends {@code last}, then closes the connection. */
  void sendAndClose(Frame.FromReceiver last);
}
