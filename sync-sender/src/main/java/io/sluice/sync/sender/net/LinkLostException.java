package io.sluice.sync.sender.net;

import java.io.IOException;

/** A receiver's node did not answer a question; another one, or the same one later, may. */
final class LinkLostException extends IOException {
  LinkLostException(String message) {
    super(message);
  }
}
