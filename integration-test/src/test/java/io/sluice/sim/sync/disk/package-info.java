/**
 * A disk in memory, as a file system of the JDK's: what was written and not forced may be lost,
 * torn or zeroed when its machine dies, and names may come and go. Production code runs on it as on
 * any other.
 */
package io.sluice.sim.sync.disk;
