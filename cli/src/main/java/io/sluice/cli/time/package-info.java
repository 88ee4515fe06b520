/**
 * The only place of the command line that reads a clock. Everything else is handed an {@link
 * io.sluice.cli.time.ElapsedClock}; the command line stands alone and has no other module's clock.
 */
package io.sluice.cli.time;
