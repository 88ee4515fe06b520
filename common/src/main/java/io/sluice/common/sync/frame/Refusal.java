package io.sluice.common.sync.frame;

/** Why a receiver ends a connection. The ids stand on the wire and never change. */
public enum Refusal {
  WHITE_LIST(1),
  VERSION(2),
  SAME_CLUSTER(3),
  /** The receiver has seen a pipe with a higher number from this source. */
  OLD_PIPE(4),
  TOO_MANY_CONNECTIONS(5),
  /** The database cannot exist at the receiver. */
  DATABASE(6),
  /** A target's record is not the one expected; the next handshake finds out where to go on. */
  SHAKE_AGAIN(7),
  UNAVAILABLE(8),
  /** Content that is not what its checksum says. */
  CHECKSUM(9),
  /** A frame that breaks the protocol's rules. */
  PROTOCOL(10),
  /** The file is larger than all the room there is. */
  STAGING_LIMIT(11),
  STOPPING(12),
  /** Both ends count time stamps in different units. */
  PRECISION(13),
  /** A whole file, as it was sent, that cannot be read. */
  DAMAGED(14),
  /** The sender did not show that it knows a user's password, and should have. */
  CREDENTIALS(15),
  /** Another living sender has this one's identity, and their logs have parted. */
  TWIN(16);

  private final int id;

  Refusal(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  /** Null for an unknown id: a later version's. */
  public static Refusal of(int id) {
    for (Refusal refusal : values()) {
      if (refusal.id == id) {
        return refusal;
      }
    }
    return null;
  }
}
