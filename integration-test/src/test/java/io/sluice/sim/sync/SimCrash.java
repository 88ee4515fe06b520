package io.sluice.sim.sync;

/** Unwinds whatever a machine was doing when it died. */
final class SimCrash extends Error {
  SimCrash() {
    super("the machine died", null, false, false);
  }
}
