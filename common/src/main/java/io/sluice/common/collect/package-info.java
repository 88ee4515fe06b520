/**
 * Collections with a limit. Noun: a {@link io.sluice.common.collect.LastUsed} keeps what was used
 * last. Imports nothing of the project's.
 */
package io.sluice.common.collect;
