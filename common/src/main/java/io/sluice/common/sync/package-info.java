/**
 * The words of the position protocol that sender, receiver and regions share: a {@link
 * io.sluice.common.sync.Source} ships pieces; an {@link io.sluice.common.sync.AppliedRecord} says
 * what a target region has applied of it; a {@link io.sluice.common.sync.Ledger} says what all
 * targets have; a {@link io.sluice.common.sync.Lineage} tells copies of one log apart. Values only:
 * no I/O, no clock.
 */
package io.sluice.common.sync;
