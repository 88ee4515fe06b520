package io.sluice.cli.statement;

/**
 * One statement without its closing {@code ;}.
 *
 * @param text never blank
 * @param line the line of the input on which it begins, from 1
 */
public record Statement(String text, int line) {}
