/**
 * Who may log in here, and send here: {@link io.sluice.datanode.access.Users} checks against the
 * catalog's users, {@link io.sluice.datanode.access.KnownLogins} spares the slow part of it, {@link
 * io.sluice.datanode.access.LoginBrake} slows down whoever guesses.
 *
 * <p>A login: brake → known already under this verifier? → else the slow check, few at a time →
 * remembered. What is remembered goes with the verifier: a password that was changed is unknown
 * again as soon as the catalog says so, a second later on every node.
 *
 * <p>Invariants: memory is bounded whatever names are tried; a wrong name takes as long as a wrong
 * password; nothing of a password is kept but under a key of this process.
 */
package io.sluice.datanode.access;
