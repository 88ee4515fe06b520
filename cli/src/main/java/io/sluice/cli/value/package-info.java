/**
 * How single values are written for people and read back.
 *
 * <p>Nouns: {@link io.sluice.cli.value.TimeText} (a time stamp in a zone and at the server's
 * precision), {@link io.sluice.cli.value.ValueText} (the other types).
 *
 * <p>Path: a cell from the server becomes text for a table or a CSV file here, and a CSV field
 * becomes a value here.
 *
 * <p>Invariants: what one side writes the other reads back to the same value; a text that is not a
 * value of the type gives a {@link io.sluice.cli.value.BadValueException}, never a guess.
 *
 * <p>Imports no I/O.
 */
package io.sluice.cli.value;
