/**
 * What is known of a password, and how knowing it is shown.
 *
 * <p>Three nouns. A {@link io.sluice.common.credential.PasswordKey} is made of a name and a
 * password, slowly; a sender keeps it with its sink instead of the password. A {@link
 * io.sluice.common.credential.Verifier} is made of such a key, slowly again and with a salt of its
 * own; the cluster keeps it with the user, and nobody can log in or send with it. A {@link
 * io.sluice.common.credential.Challenge} is one exchange in which both ends show what they have
 * without saying it: SCRAM (RFC 5802) with SHA-256, in frames of our own.
 *
 * <p>Invariants: nothing here is printed, {@link io.sluice.common.credential.SecretBytes} least of
 * all; comparisons take the same time wherever the bytes differ.
 */
package io.sluice.common.credential;
