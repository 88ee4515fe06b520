package io.sluice.cli.shell;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the command line carries out itself instead of sending it. */
sealed interface OwnCommand {
  /** Ends the shell or the script. */
  record Leave() implements OwnCommand {}

  /** Says what can be typed. */
  record Help() implements OwnCommand {}

  /** Prints the session's time zone. */
  record ShowTimeZone() implements OwnCommand {}

  /**
   * Changes the session's time zone.
   *
   * @param zone as typed, perhaps no zone at all
   */
  record SetTimeZone(String zone) implements OwnCommand {}

  Pattern SHOW_TIME_ZONE = Pattern.compile("(?i)show\\s+time_?zone");
  Pattern SET_TIME_ZONE = Pattern.compile("(?i)set\\s+time_?zone\\s*(?:=|\\sto\\s|\\s)\\s*(.+)");

  /** Recognises a command of our own; empty for everything that is the server's. */
  static Optional<OwnCommand> of(String statement) {
    Optional<OwnCommand> word =
        switch (statement.toLowerCase(Locale.ROOT)) {
          case "quit", "exit" -> Optional.of(new Leave());
          case "help" -> Optional.of(new Help());
          default -> Optional.empty();
        };
    if (word.isPresent()) {
      return word;
    }
    if (SHOW_TIME_ZONE.matcher(statement).matches()) {
      return Optional.of(new ShowTimeZone());
    }
    Matcher set = SET_TIME_ZONE.matcher(statement);
    return set.matches() ? Optional.of(new SetTimeZone(unquoted(set.group(1)))) : Optional.empty();
  }

  private static String unquoted(String text) {
    boolean quoted =
        text.length() >= 2
            && (text.charAt(0) == '\'' || text.charAt(0) == '"')
            && text.charAt(text.length() - 1) == text.charAt(0);
    return quoted ? text.substring(1, text.length() - 1) : text;
  }
}
