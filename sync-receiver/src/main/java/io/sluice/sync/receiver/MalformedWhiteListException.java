package io.sluice.sync.receiver;

/** An entry of a white list that is no address or network; the operator must mend it. */
public final class MalformedWhiteListException extends Exception {
  private final String entry;

  public MalformedWhiteListException(String entry, String reason) {
    super("ip_white_list: '" + entry + "' " + reason);
    this.entry = entry;
  }

  /** The entry as it was written. */
  public String entry() {
    return entry;
  }
}
