/**
 * Whole clusters without a cluster: the production cores of both sides in one thread, under a clock
 * and a network made of a seed. One seed is one history.
 */
package io.sluice.sim;
