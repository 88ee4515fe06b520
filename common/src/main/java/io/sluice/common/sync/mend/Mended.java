package io.sluice.common.sync.mend;

/**
 * What has become of a {@link RottenFile}.
 *
 * @param text for people: why, and what is not in the new file
 */
public record Mended(State state, String text) {
  /** The ids stand on the wire. */
  public enum State {
    /** More of the TsFile is to come. */
    MORE(1),
    /** These rows are kept; those of other regions of the sender are missing. */
    WAITS(2),
    /** What came has taken its place, durably. */
    DONE(3),
    /** It stays as it is. */
    NOT(4),
    /** It is being worked on: ask again. Said inside a cluster; senders hear WAIT. */
    WORKS(5);

    private final int id;

    State(int id) {
      this.id = id;
    }

    public int id() {
      return id;
    }

    /**
     * @throws IllegalArgumentException for an unknown id
     */
    public static State ofId(int id) {
      for (State state : values()) {
        if (state.id == id) {
          return state;
        }
      }
      throw new IllegalArgumentException("no such state of a rotten file: " + id);
    }
  }

  public static final Mended MORE = new Mended(State.MORE, "");

  public static Mended not(String why) {
    return new Mended(State.NOT, why);
  }
}
