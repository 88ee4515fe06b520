package io.sluice.common.sync;

/**
 * A series that a target's schema does not take as the sender has it: another type, or a device
 * that is aligned on one side only.
 *
 * @param device the device's path
 * @param measurement one node
 * @param reason for an operator, naming both sides
 */
public record SeriesConflict(String device, String measurement, String reason) {}
